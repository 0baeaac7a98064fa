#include "cli/study_command.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <thread>

#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/progress.hpp"
#include "report/picture.hpp"
#include "study/cell_task.hpp"
#include "study/grid.hpp"
#include "study/run_study.hpp"
#include "study/verify.hpp"
#include "study_report/study_report.hpp"

namespace initlaw {
namespace {

constexpr std::uint64_t kMostCellsUnasked = 100'000;

std::string hours(double seconds) {
  if (seconds < 100) return fmt::format("{:.0f} seconds", seconds);
  if (seconds < 2 * 86400) return fmt::format("{:.1f} hours", seconds / 3600);
  if (seconds < 1000.0 * 86400) return fmt::format("{:.0f} days", seconds / 86400);
  return fmt::format("{:.3g} years", seconds / (365.25 * 86400));
}

/// Runs a study under a progress bar, or with a line a minute.
ExitStatus run_watched(Store& store, const Mpi& mpi, const std::string& threads_text) {
  unsigned threads = mpi.size() > 1 ? 1 : std::max(1u, std::thread::hardware_concurrency());
  if (!threads_text.empty()) {
    const std::uint64_t count = count_of("threads", threads_text);
    if (count < 1 || count > 1024)
      throw std::invalid_argument(fmt::format("--threads {}: is out of range [1, 1024]", threads_text));
    threads = static_cast<unsigned>(count);
  }
  const auto team = mpi.team(threads, perform_study_task);
  const Interrupt interrupt;
  bool finished = false;
  {
    ProgressBar bar(1, "updates", true);
    finished = run_study(store, *team, [&](const StudyProgress& progress) {
      bar.set_total(progress.work + progress.work_left);
      bar.show(progress.work, fmt::format("{}/{} cells, worst standard error {:.2g}", progress.finished, progress.cells,
                                          progress.worst_std_error));
      return !interrupt.requested();
    });
  }
  const Store::Counts counts = store.counts();
  print(stderr, "{} of {} cells finished, {} networks, {:.3g} s of simulation\n", counts.finished, counts.cells,
        counts.samples, counts.seconds);
  if (finished) return kDone;
  if (interrupt.requested()) {
    print(stderr, "initlaw: interrupted; run the same command to go on\n");
    return kInterrupted;
  }
  print(stderr, "initlaw: {} cells are another version's, and are left as they are\n", counts.cells - counts.finished);
  return kDone;
}

void add_file(CLI::App& app, std::string& file, const std::string& description) {
  app.add_option("file", file, description)->required()->type_name("FILE");
}

class Run final : public StudyAction {
 public:
  explicit Run(CLI::App& study)
      : StudyAction(study, "run", "Simulate a grid of networks into a file; goes on where it was stopped",
                    "initlaw study run study.toml") {
    add_file(app_, file_, "the study, in TOML (docs/studies.md)");
    app_.add_option("--out", out_, "the SQLite file (default: FILE with .sqlite)")->type_name("FILE");
    app_.add_option("--threads", threads_, "threads (default: all cores; 1 a process under MPI)")->type_name("T");
    app_.add_flag("--yes", yes_, fmt::format("do not ask back for more than {} cells", kMostCellsUnasked));
  }

  ExitStatus run(const Mpi& mpi) const override {
    const std::filesystem::path path(file_);
    const std::string text = read_text(file_);
    const std::vector<Cell> cells = [&] {
      try {
        const Study study(text, path.parent_path());
        if (study.size() > kMostCellsUnasked && !yes_) {
          throw std::invalid_argument(
              fmt::format("has {} cells, which take roughly {} of processor time; say --yes if that is meant",
                          study.size(), hours(study.estimated_seconds())));
        }
        if (study.size() > 10'000'000)
          throw std::invalid_argument(fmt::format("has {} cells; 10^7 are the most", study.size()));
        return study.cells();
      } catch (const std::invalid_argument& error) {
        throw std::invalid_argument(fmt::format("{}: {}", file_, error.what()));
      }
    }();
    Store store(out_.empty() ? std::filesystem::path(path).replace_extension(".sqlite") : std::filesystem::path(out_),
                Store::Access::kWrite);
    store.add(cells);
    return run_watched(store, mpi, threads_);
  }

 private:
  std::string file_;
  std::string out_;
  std::string threads_;
  bool yes_ = false;
};

class Extend final : public StudyAction {
 public:
  explicit Extend(CLI::App& study)
      : StudyAction(study, "extend", "Add samples to all cells, or lower their standard errors",
                    "initlaw study extend study.sqlite --samples 1e7") {
    add_file(app_, file_, "the study's SQLite file");
    app_.add_option("--samples", samples_, "samples a cell, those that it has included")->type_name("N");
    app_.add_option("--std-error", std_error_, "the standard error of the mean of G that is enough")->type_name("E");
    app_.add_option("--threads", threads_, "threads (default: all cores; 1 a process under MPI)")->type_name("T");
  }

  ExitStatus run(const Mpi& mpi) const override {
    if (samples_.empty() && std_error_.empty())
      throw std::invalid_argument("study extend: needs --samples or --std-error");
    const std::uint64_t samples = samples_.empty() ? 1'000'000'000 : count_of("samples", samples_);
    if (samples == 0) throw std::invalid_argument("--samples 0: must be positive");
    std::optional<double> std_error;
    if (!std_error_.empty()) std_error = number_of("std-error", std_error_);
    if (std_error && !(*std_error > 0))
      throw std::invalid_argument(fmt::format("--std-error {}: must be positive", std_error_));
    require_file();
    Store store(file_, Store::Access::kWrite);
    store.extend(samples, std_error);
    return run_watched(store, mpi, threads_);
  }

 private:
  void require_file() const {
    if (!std::filesystem::exists(file_)) throw std::invalid_argument(file_ + ": there is no such file");
  }

  std::string file_;
  std::string samples_;
  std::string std_error_;
  std::string threads_;
};

class Status final : public StudyAction {
 public:
  explicit Status(CLI::App& study)
      : StudyAction(study, "status", "How far a study is, also while it runs", "initlaw study status study.sqlite") {
    add_file(app_, file_, "the study's SQLite file");
  }

  ExitStatus run(const Mpi&) const override {
    const Store::Counts counts = Store(file_, Store::Access::kRead).counts();
    print(stdout, "Cells          {} of {} finished\nNetworks       {}\nSimulation     {} of processor time\n",
          counts.finished, counts.cells, counts.samples, hours(counts.seconds));
    if (!std::isnan(counts.worst_std_error))
      print(stdout, "Mean of G      standard error {:.2g} or less\n", counts.worst_std_error);
    return kDone;
  }

 private:
  std::string file_;
};

class Show final : public StudyAction {
 public:
  explicit Show(CLI::App& study)
      : StudyAction(study, "show", "The finished cells in a table", "initlaw study show study.sqlite") {
    add_file(app_, file_, "the study's SQLite file");
  }

  ExitStatus run(const Mpi&) const override {
    print(stdout, "{}", study_table(Store(file_, Store::Access::kRead)));
    return kDone;
  }

 private:
  std::string file_;
};

class Export final : public StudyAction {
 public:
  explicit Export(CLI::App& study)
      : StudyAction(study, "export", "The finished cells for other programs",
                    "initlaw study export study.sqlite --csv study.csv") {
    add_file(app_, file_, "the study's SQLite file");
    csv_.add_to(app_, "--csv", "comma-separated values, a row a cell; - for standard output");
    json_.add_to(app_, "--json", "everything, with the layers; - for standard output");
  }

  ExitStatus run(const Mpi&) const override {
    const auto csv = csv_.open();
    const auto json = json_.open();
    if (csv == nullptr && json == nullptr) throw std::invalid_argument("study export: needs --csv or --json");
    const Store store(file_, Store::Access::kRead);
    if (csv != nullptr) csv->write(study_csv(store));
    if (json != nullptr) json->write(study_json(store));
    return kDone;
  }

 private:
  std::string file_;
  FileOption csv_;
  FileOption json_;
};

class Plot final : public StudyAction {
 public:
  Plot(CLI::App& study, std::string command_line)
      : StudyAction(study, "plot", "Pictures: which limit holds where, deviations, collapse on d/n",
                    "initlaw study plot study.sqlite --out pictures"),
        command_line_(std::move(command_line)) {
    add_file(app_, file_, "the study's SQLite file");
    app_.add_option("--out", folder_, "folder for report, pictures and their data (default: FILE without .sqlite)")
        ->type_name("DIR");
  }

  ExitStatus run(const Mpi&) const override {
    require_gnuplot();
    const Store store(file_, Store::Access::kRead);
    const std::filesystem::path folder =
        folder_.empty() ? std::filesystem::path(file_).replace_extension() : std::filesystem::path(folder_);
    const auto pictures = study_pictures(store);
    if (pictures.empty()) throw std::runtime_error(file_ + ": no cell is finished that could be drawn");
    make_folder(folder);
    for (const Picture& picture : pictures) {
      OutputFile(folder / (picture.name + ".svg")).write(draw_svg(picture));
      OutputFile(folder / (picture.name + ".csv")).write(to_csv(picture));
    }
    OutputFile(folder / "study.html").write(study_html(store, command_line_));
    print(stderr, "The report is {}\n", (folder / "study.html").string());
    return kDone;
  }

 private:
  std::string command_line_;
  std::string file_;
  std::string folder_;
};

class Verify final : public StudyAction {
 public:
  explicit Verify(CLI::App& study)
      : StudyAction(study, "verify", "Check a file for damage, and repeat its cheapest cells",
                    "initlaw study verify study.sqlite") {
    add_file(app_, file_, "the study's SQLite file");
    app_.add_option("--repeat", repeat_, "how many cells to simulate again, the cheapest first (default 1)")
        ->type_name("N");
  }

  ExitStatus run(const Mpi&) const override {
    const Store store(file_, Store::Access::kRead);
    const std::vector<std::string> found = verify(store, repeat_.empty() ? 1 : count_of("repeat", repeat_));
    for (const std::string& line : found) print(stdout, "{}\n", line);
    if (found.empty()) print(stdout, "{}: no damage was found\n", file_);
    return found.empty() ? kDone : kFailed;
  }

 private:
  std::string file_;
  std::string repeat_;
};

}  // namespace

StudyAction::StudyAction(CLI::App& study, const std::string& name, const std::string& description,
                         const std::string& example)
    : app_(*study.add_subcommand(name, description)) {
  app_.footer("Example:\n  " + example);
}

StudyCommand::StudyCommand(CLI::App& app, const std::string& command_line) {
  CLI::App& study = *app.add_subcommand("study", "Simulations over a grid, kept in a file that survives anything");
  study.require_subcommand(1);
  study.footer("'initlaw study ACTION --help' lists an action's options.");
  actions_.push_back(std::make_unique<Run>(study));
  actions_.push_back(std::make_unique<Status>(study));
  actions_.push_back(std::make_unique<Show>(study));
  actions_.push_back(std::make_unique<Export>(study));
  actions_.push_back(std::make_unique<Plot>(study, command_line));
  actions_.push_back(std::make_unique<Extend>(study));
  actions_.push_back(std::make_unique<Verify>(study));
}

ExitStatus StudyCommand::run(const Mpi& mpi) const {
  const auto chosen =
      std::find_if(actions_.begin(), actions_.end(), [](const auto& action) { return action->chosen(); });
  return chosen == actions_.end() ? kWrongUsage : (*chosen)->run(mpi);
}

}  // namespace initlaw
