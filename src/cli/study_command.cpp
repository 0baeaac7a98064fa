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
#include "study/study_report.hpp"
#include "study/verify.hpp"

namespace initlaw {
namespace {

constexpr double kSecondsAnUpdate = 0.8e-9;

/// The option that says how many threads simulate.
class ThreadsOption {
 public:
  void add_to(CLI::App& app) {
    add_text(app, "--threads", text_, "threads (default: all cores; 1 a process under MPI)")->type_name("T");
  }
  /// Throws std::invalid_argument if it is no such number.
  unsigned count(const Mpi& mpi) const {
    if (text_.empty()) return mpi.size() > 1 ? 1 : std::max(1u, std::thread::hardware_concurrency());
    const std::uint64_t count = count_of("threads", text_);
    if (count < 1 || count > 1024)
      throw std::invalid_argument(fmt::format("--threads {}: is out of range [1, 1024]", text_));
    return static_cast<unsigned>(count);
  }

 private:
  std::string text_;
};

/// Runs a study under a progress bar, or with a line a minute.
ExitStatus run_watched(Store& store, const Study* study, const Mpi& mpi, unsigned threads) {
  const Interrupt interrupt;
  const auto stop = [&] { return interrupt.requested(); };
  const auto pool = mpi.pool(threads, [&](const std::string& task) { return perform_study_task_until(stop, task); });
  StudyProgress last{};
  bool finished = false;
  {
    ProgressBar bar(1, "updates", true);
    finished = run_study(store, study, *pool, [&](const StudyProgress& progress) {
      last = progress;
      bar.set_total(progress.work + progress.work_left);
      bar.show(progress.work, fmt::format("{}/{} cells, worst standard error {:.2g}", progress.finished, progress.cells,
                                          progress.worst_std_error));
      return !stop();
    });
  }
  if (!finished && stop()) {
    print(stderr, "{} of {} cells finished\ninitlaw: interrupted; run the same command to go on\n", last.finished,
          last.cells);
    return kInterrupted;
  }
  const Store::Counts counts = store.counts();
  print(stderr, "{} of {} cells finished, {} networks, {:.3g} s of simulation\n", counts.finished, counts.cells,
        counts.samples, counts.seconds);
  if (!finished) {
    print(stderr, "initlaw: {} cells are another version's, and are left as they are\n",
          counts.cells - counts.finished);
  }
  return kDone;
}

/// What SQLite keeps beside a study, too.
std::vector<std::filesystem::path> files_of_study(const std::string& file) {
  return {file, file + "-wal", file + "-shm", file + "-journal", file + ".lock"};
}

void add_file(CLI::App& app, std::string& file, const std::string& description) {
  add_text(app, "file", file, description)->required()->type_name("FILE");
}

class Run final : public StudyAction {
 public:
  explicit Run(CLI::App& study)
      : StudyAction(study, "run", "Simulate a grid of networks into a file; goes on where it was stopped",
                    "initlaw study run study.toml") {
    add_file(app_, file_, "the study, in TOML (docs/studies.md)");
    out_.add_to(app_, "--out", "the SQLite file (default: FILE with .sqlite)");
    threads_.add_to(app_);
    app_.add_flag("--yes", yes_, fmt::format("do not ask back for more than {} cells", Study::kMostAtOnce));
  }

  ExitStatus run(const Mpi& mpi) const override {
    const unsigned threads = threads_.count(mpi);
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
    return run_watched(store, &study, mpi, threads);
  }

 private:
  std::string file_;
  FileOption out_;
  ThreadsOption threads_;
  bool yes_ = false;
};

class Extend final : public StudyAction {
 public:
  explicit Extend(CLI::App& study)
      : StudyAction(study, "extend", "Add samples to all cells, or lower their standard errors",
                    "initlaw study extend study.sqlite --samples 1e7") {
    add_file(app_, file_, "the study's SQLite file");
    add_text(app_, "--samples", samples_, "samples a cell, those that it has included")->type_name("N");
    add_text(app_, "--std-error", std_error_, "the standard error of the mean of G that is enough")->type_name("E");
    threads_.add_to(app_);
  }

  ExitStatus run(const Mpi& mpi) const override {
    if (samples_.empty() && std_error_.empty())
      throw std::invalid_argument("study extend: needs --samples or --std-error");
    const std::uint64_t samples = samples_.empty() ? 1'000'000'000 : count_of("samples", samples_);
    if (samples == 0) throw std::invalid_argument("--samples 0: must be positive");
    std::optional<double> std_error;
    if (!std_error_.empty()) std_error = number_of("std-error", std_error_);
    if (std_error && !(*std_error > 0 && std::isfinite(*std_error)))
      throw std::invalid_argument(fmt::format("--std-error {}: must be positive and finite", std_error_));
    const unsigned threads = threads_.count(mpi);
    require_file();
    Store store(file_, Store::Access::kWrite);
    store.extend(samples, std_error);
    return run_watched(store, nullptr, mpi, threads);
  }

 private:
  void require_file() const {
    if (!std::filesystem::exists(file_)) throw std::invalid_argument(file_ + ": there is no such file");
  }

  std::string file_;
  std::string samples_;
  std::string std_error_;
  ThreadsOption threads_;
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
          counts.finished, counts.cells, counts.samples, duration(counts.seconds));
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
    const auto [csv, json] = open_outputs(files_of_study(file_), csv_, json_);
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
    add_text(app_, "--out", folder_, "folder for report, pictures and their data (default: FILE without .sqlite)")
        ->type_name("DIR");
  }

  ExitStatus run(const Mpi&) const override {
    require_gnuplot();
    const Store store(file_, Store::Access::kRead);
    const std::filesystem::path folder =
        folder_.empty() ? std::filesystem::path(file_).replace_extension() : std::filesystem::path(folder_);
    const auto pictures = study_pictures(store);
    if (pictures.empty()) throw std::runtime_error(file_ + ": no cell is finished that could be drawn");
    std::vector<std::filesystem::path> outputs{folder / "study.html"};
    for (const Picture& picture : pictures) {
      for (const char* extension : {".svg", ".csv"}) outputs.push_back(folder / (picture.name + extension));
    }
    require_distinct(files_of_study(file_), outputs);
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
    add_text(app_, "--repeat", repeat_, "how many cells to simulate again, the cheapest first (default 1)")
        ->type_name("N");
  }

  ExitStatus run(const Mpi&) const override {
    const Store store(file_, Store::Access::kRead);
    const std::vector<std::string> found = verify(store, repeat_.empty() ? 1 : count_of("repeat", repeat_));
    for (const std::string& line : found) print(stdout, "{}: {}\n", file_, line);
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
