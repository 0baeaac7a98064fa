#include <fmt/core.h>

#include <filesystem>
#include <stdexcept>

#include "cli/commands/commands.hpp"
#include "cli/commands/study_shared.hpp"
#include "study/grid.hpp"

namespace initlaw {
namespace {

constexpr double kSecondsAnUpdate = 0.8e-9;

class StudyRun final : public Command {
 public:
  explicit StudyRun(CLI::App& parent)
      : Command(parent, "run", "Simulate a grid of networks into a file; goes on where it was stopped",
                "initlaw study run study.toml") {
    add_file(app_, file_, "the study, in TOML (docs/studies.md)");
    out_.add_to(app_, "--out", "the SQLite file (default: FILE with .sqlite)");
    threads_.add_to(app_);
    app_.add_flag("--yes", yes_, fmt::format("do not ask back for more than {} cells", Study::kMostAtOnce));
  }

  ExitStatus run(const Invocation& invocation) const override {
    const unsigned threads = threads_.count(invocation.mpi);
    const std::filesystem::path path(file_);
    const std::filesystem::path out = out_.path().empty() ? std::filesystem::path(path).replace_extension(".sqlite")
                                                          : std::filesystem::path(out_.path());
    const std::string text = read_text(file_);
    require_distinct({path}, {out});
    const Study study = [&] {
      try {
        Study grid(text, path.parent_path());
        if (grid.size() > Study::kMostAtOnce && !yes_) {
          throw std::invalid_argument(
              fmt::format("has {} cells, which take roughly {} of processor time; say --yes if that is meant",
                          grid.size(), duration(kSecondsAnUpdate * grid.estimated_work())));
        }
        grid.require_valid();
        return grid;
      } catch (const std::invalid_argument& error) {
        throw std::invalid_argument(fmt::format("{}: {}", file_, error.what()));
      }
    }();
    Store store(out, Store::Access::kWrite);
    return run_study_watched(store, &study, invocation.mpi, threads);
  }

 private:
  std::string file_;
  FileOption out_;
  ThreadsOption threads_;
  bool yes_ = false;
};

}  // namespace

std::unique_ptr<Command> make_study_run(CLI::App& parent) { return std::make_unique<StudyRun>(parent); }

}  // namespace initlaw
