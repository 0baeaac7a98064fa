#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "cli/command_line.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/progress.hpp"
#include "cli/study_command.hpp"
#include "initlaw/version.hpp"
#include "mpi/mpi_pool.hpp"
#include "report/html.hpp"
#include "report/picture.hpp"
#include "reproduction/claims/claims.hpp"
#include "reproduction/reproduction_report.hpp"
#include "result/gradient_report.hpp"
#include "result/text.hpp"
#include "simulation/simulation_task.hpp"
#include "splitting/tail_task.hpp"
#include "study/cell_task.hpp"

namespace initlaw {
namespace {

/// Writes a report's two forms: JSON where it was asked for, text unless standard output holds what `option` asks for.
template <typename... Parts>
void write_report(const FileOption& option, OutputFile* json, const Parts&... parts) {
  if (json != nullptr) json->write(to_text(to_document(parts...)));
  if (!option.to_standard_output()) print(stdout, "{}", to_text(parts...));
}

/// Simulates under a progress bar until done or interrupted.
Ensemble simulate_watched(const NetworkOptions::Values& values, const SimulationOptions& options, const Mpi& mpi) {
  const Interrupt interrupt;
  ProgressBar bar(static_cast<double>(options.samples), "samples");
  const auto on_progress = [&](std::uint64_t done) {
    bar.show(static_cast<double>(done));
    return !interrupt.requested();
  };
  if (mpi.size() == 1) return simulate(values.network, options, values.input, on_progress);
  const auto pool = mpi.pool(std::max(1u, options.threads), run_study_task);
  return simulate(values.network, options, values.input, on_progress, *pool);
}

/// Refuses a command that one process alone can run.
void require_one_process(const Mpi& mpi, const std::string& command) {
  if (mpi.size() == 1) return;
  throw std::invalid_argument(fmt::format(
      "{}: runs in one process, and {} were started; it must be started without mpirun or srun", command, mpi.size()));
}

ExitStatus status_of(std::uint64_t samples, std::uint64_t planned) {
  if (samples >= planned) return kDone;
  print(stderr, "initlaw: interrupted after {} of {} samples\n", samples, planned);
  return kInterrupted;
}

/// One subcommand: its options, and what it does with them.
class Command {
 public:
  Command(CLI::App& app, const std::string& name, const std::string& description, const std::string& example)
      : app_(*app.add_subcommand(name, description)) {
    app_.footer("Example:\n  " + example);
    json_.add_to(app_, "--json", "write the machine-readable answer; - for standard output, which then holds it alone");
  }
  virtual ~Command() = default;
  bool chosen() const { return app_.parsed(); }
  virtual ExitStatus run(const Mpi& mpi) const = 0;

 protected:
  CLI::App& app_;
  FileOption json_;
};

/// A subcommand about one network.
class NetworkCommand : public Command {
 public:
  NetworkCommand(CLI::App& app, const std::string& name, const std::string& description, const std::string& example)
      : Command(app, name, description, example) {
    network_.add_to(app_);
  }

 protected:
  NetworkOptions network_;
};

class Predict final : public NetworkCommand {
 public:
  explicit Predict(CLI::App& app)
      : NetworkCommand(app, "predict", "The law of the output in the limits, in closed form",
                       "initlaw predict --width 100 --depth 50 --outputs 10") {
    app_.add_flag("--gradients", gradients_, "the law of gradients, too");
  }

  ExitStatus run(const Mpi&) const override {
    const auto [network, input] = network_.values();
    const auto [json] = open_outputs(network_.files(), json_);
    write_report(json_, json.get(), predict(network, input, gradients_));
    return kDone;
  }

 private:
  bool gradients_ = false;
};

class Simulate final : public NetworkCommand {
 public:
  explicit Simulate(CLI::App& app)
      : NetworkCommand(app, "simulate", "Exact Monte Carlo of random networks",
                       "initlaw simulate --family balanced --width 100 --depth 50 --samples 1e6") {
    options_.add_to(app_);
  }

  ExitStatus run(const Mpi& mpi) const override {
    const auto values = network_.values();
    const SimulationOptions options = options_.options();
    const auto [json] = open_outputs(network_.files(), json_);
    const Ensemble ensemble = simulate_watched(values, options, mpi);
    write_report(json_, json.get(), ensemble);
    return status_of(ensemble.samples, options.samples);
  }

 private:
  SimulationArguments options_;
};

class Compare final : public NetworkCommand {
 public:
  Compare(CLI::App& app, std::string command_line)
      : NetworkCommand(app, "compare", "Simulate, and measure how far each limit's law is from the truth",
                       "initlaw compare --width 100 --depth 50 --outputs 10 --input data/digits.csv.gz --samples 1e6"),
        command_line_(std::move(command_line)) {
    options_.add_to(app_);
    report_.add_to(app_, "--report",
                   "write a report with pictures, one HTML file; - for standard output, which then holds it alone");
  }

  ExitStatus run(const Mpi& mpi) const override {
    if (json_.to_standard_output() && report_.to_standard_output()) {
      throw std::invalid_argument("--report - contradicts --json -; standard output can hold one of them");
    }
    const auto values = network_.values();
    const SimulationOptions options = options_.options();
    const auto [json, report] = open_outputs(network_.files(), json_, report_);
    if (report != nullptr) require_gnuplot();
    const Prediction prediction = predict(values.network, values.input, options.gradients.has_value());
    const Ensemble ensemble = simulate_watched(values, options, mpi);
    if (ensemble.samples == ensemble.dead) {
      throw std::runtime_error(fmt::format("all {} networks that were simulated are dead (z_out = 0)", ensemble.dead));
    }
    const Comparison comparison = compare(ensemble, prediction);
    write_report(report_.to_standard_output() ? report_ : json_, json.get(), prediction, ensemble, comparison);
    if (report != nullptr) report->write(to_html(prediction, ensemble, comparison, command_line_));
    return status_of(ensemble.samples, options.samples);
  }

 private:
  std::string command_line_;
  SimulationArguments options_;
  FileOption report_;
};

class Ntk final : public NetworkCommand {
 public:
  explicit Ntk(CLI::App& app)
      : NetworkCommand(app, "ntk", "The neural tangent kernel's diagonal, and each layer's share in it",
                       "initlaw ntk --width 100 --depth 50 --samples 1e5") {
    options_.add_to(app_);
  }

  ExitStatus run(const Mpi& mpi) const override {
    const auto values = network_.values();
    SimulationOptions options = options_.options();
    if (!options.gradients) options.gradients = OutputDirection::kRandom;
    const auto [json] = open_outputs(network_.files(), json_);
    Ensemble ensemble = simulate_watched(values, options, mpi);
    const std::uint64_t samples = ensemble.samples;
    write_report(json_, json.get(), ntk_report(std::move(ensemble)));
    return status_of(samples, options.samples);
  }

 private:
  SimulationArguments options_;
};

class KernelCommand final : public NetworkCommand {
 public:
  explicit KernelCommand(CLI::App& app)
      : NetworkCommand(app, "kernel", "Several inputs through the same random networks: their angles, layer by layer",
                       "initlaw kernel --width 100 --depth 50 --input data/digits.csv.gz --rows 0-2") {
    options_.add_to(app_);
  }

  ExitStatus run(const Mpi& mpi) const override {
    require_one_process(mpi, app_.get_name());
    const auto inputs = network_.input().inputs(options_.rows());
    const JointOptions options = options_.options();
    const Network network = network_.network(inputs[0].size());
    const auto [json] = open_outputs(network_.files(), json_);
    const Interrupt interrupt;
    ProgressBar bar(static_cast<double>(options.samples), "samples");
    JointEnsemble ensemble = simulate_jointly(network, options, inputs, [&](std::uint64_t done) {
      bar.show(static_cast<double>(done));
      return !interrupt.requested();
    });
    const std::uint64_t samples = ensemble.samples;
    write_report(json_, json.get(), report_of(network, options, inputs, std::move(ensemble)));
    return status_of(samples, options.samples);
  }

 private:
  JointArguments options_;
};

class TailCommand final : public NetworkCommand {
 public:
  explicit TailCommand(CLI::App& app)
      : NetworkCommand(app, "tail", "How probable it is that an output overflows, down to 10^-18",
                       "initlaw tail --width 64 --depth 200 --threshold 65504") {
    options_.add_to(app_);
  }

  ExitStatus run(const Mpi& mpi) const override {
    const auto values = network_.values();
    const TailOptions options = options_.options();
    const auto [json] = open_outputs(network_.files(), json_);
    const Interrupt interrupt;
    ProgressBar bar(static_cast<double>(options.samples), "samples");
    const auto on_progress = [&](std::uint64_t done) {
      bar.show(static_cast<double>(std::min(done, options.samples)));
      return !interrupt.requested();
    };
    const Tail tail = [&] {
      if (mpi.size() == 1) return tail_probability(values.network, options, values.input, on_progress);
      const auto pool = mpi.pool(std::max(1u, options.threads), run_study_task);
      return tail_probability(values.network, options, values.input, on_progress, *pool);
    }();
    write_report(json_, json.get(), compare(tail));
    return status_of(tail.samples, options.samples);
  }

 private:
  TailArguments options_;
};

class Reproduce final : public Command {
 public:
  Reproduce(CLI::App& app, std::string command_line)
      : Command(app, "reproduce", "Test every claim of the paper, and write a report with pictures",
                "initlaw reproduce --quick --out reproduction"),
        command_line_(std::move(command_line)) {
    options_.add_to(app_);
    input_.add_to(app_);
  }

  ExitStatus run(const Mpi& mpi) const override {
    require_one_process(mpi, app_.get_name());
    const Input input = input_.input();
    const auto options = options_.values();
    require_distinct({}, {json_.path(), options.folder / kReportName});
    if (std::error_code ignored; std::filesystem::equivalent(
            std::filesystem::weakly_canonical(input_.file()).parent_path(), options.folder, ignored)) {
      throw std::invalid_argument(
          fmt::format("--out {}: holds the input {}, which a picture could replace; choose another folder",
                      options.folder.string(), input_.file().string()));
    }
    const auto [json] = open_outputs({input_.file()}, json_);
    require_gnuplot();
    make_folder(options.folder);
    OutputFile report(options.folder / kReportName);
    const Interrupt interrupt;
    const std::vector<Claim> claims = paper_claims({.input = input, .effort = options.effort, .seed = options.seed});
    std::optional<ProgressBar> bar;
    std::vector<Result> results =
        initlaw::run(claims, input, true_theory(), options.threads, [&](const RunProgress& progress) {
          if (!bar) bar.emplace(progress.total, "steps");
          bar->show(progress.done, progress.part);
          return !interrupt.requested();
        });
    bar.reset();
    const bool complete = results.size() == claims.size();
    const bool all_hold =
        std::all_of(results.begin(), results.end(), [](const Result& result) { return result.holds(); });
    const Reproduction reproduction{std::move(results), complete, command_line_, input_.text()};
    for (const auto& [name, content] : report_files(reproduction)) {
      if (name == kReportName) {
        report.write(content);
      } else {
        OutputFile(options.folder / name).write(content);
      }
    }
    write_report(json_, json.get(), reproduction);
    print(stderr, "The report is {}\n", (options.folder / kReportName).string());
    if (!complete) {
      print(stderr, "initlaw: interrupted after {} of {} claims\n", reproduction.results.size(), claims.size());
      return kInterrupted;
    }
    if (!all_hold) print(stderr, "initlaw: not all claims hold\n");
    return all_hold ? kDone : kFailed;
  }

 private:
  std::string command_line_;
  ReproductionOptions options_;
  InputOptions input_;
};

/// Makes a file that is too large for the process an error of its writer, and closed standard streams ones that cannot
/// be written, instead of numbers that the next file opened gets.
void prepare_process() {
  std::signal(SIGXFSZ, SIG_IGN);
  for (int next = 0; next <= STDERR_FILENO;) {
    next = open("/dev/null", O_RDONLY);
    if (next < 0) return;
    if (next > STDERR_FILENO) close(next);
  }
}

/// "initlaw study run --help" for what was begun on.
std::string where_help_is(const CLI::App& app) {
  const CLI::App* command = &app;
  std::string words = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    words += " " + command->get_name();
  }
  return words + " --help";
}

ExitStatus run_command(int argc, char** argv, const Mpi& mpi) {
  CLI::App app("The probability law of a deep ReLU network's output at random initialization.");
  app.name("initlaw");
  app.set_version_flag("--version", "initlaw " + std::string(version()));
  app.require_subcommand(1);
  app.footer("'initlaw COMMAND --help' lists a command's options.");
  const Predict predict(app);
  const Simulate simulate(app);
  const Compare compare(app, command_line(argc, argv));
  const Ntk ntk(app);
  const KernelCommand kernel(app);
  const TailCommand tail(app);
  const Reproduce reproduce(app, command_line(argc, argv));
  const StudyCommand study(app, command_line(argc, argv));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    app.exit(help);
    return kDone;
  } catch (const CLI::RequiredError& error) {
    if (!app.get_subcommands().empty())
      throw std::invalid_argument(fmt::format("{}; see {}", error.what(), where_help_is(app)));
    const std::string found = argc > 1 ? fmt::format("{} is no command", argv[1]) : "a command is missing";
    throw std::invalid_argument(
        found + "; the commands are predict, simulate, compare, ntk, kernel, tail, reproduce and study");
  } catch (const CLI::ParseError& error) {
    throw std::invalid_argument(fmt::format("{}; see {}", error.what(), where_help_is(app)));
  }
  for (const Command* command :
       {static_cast<const Command*>(&predict), static_cast<const Command*>(&simulate),
        static_cast<const Command*>(&compare), static_cast<const Command*>(&ntk), static_cast<const Command*>(&kernel),
        static_cast<const Command*>(&tail), static_cast<const Command*>(&reproduce)}) {
    if (command->chosen()) return command->run(mpi);
  }
  return study.run(mpi);
}

/// Runs the command; what it throws becomes a line and a status.
ExitStatus status_of_command(int argc, char** argv, const Mpi& mpi) {
  try {
    const ExitStatus status = run_command(argc, argv, mpi);
    // What a command prints may wait in a buffer until here.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      throw std::runtime_error("standard output: could not be written");
    }
    return status;
  } catch (const std::invalid_argument& error) {
    print(stderr, "initlaw: {}\n", error.what());
    return kWrongUsage;
  } catch (const std::bad_alloc&) {
    print(stderr, "initlaw: there is not enough memory\n");
    return kFailed;
  } catch (const std::exception& error) {
    print(stderr, "initlaw: {}\n", error.what());
    return kFailed;
  }
}

}  // namespace
}  // namespace initlaw

int main(int argc, char** argv) {
  initlaw::prepare_process();
  const initlaw::Mpi mpi(argc, argv);
  if (mpi.rank() > 0) return mpi.serve(initlaw::run_study_task);
  return mpi.dismiss(initlaw::status_of_command(argc, argv, mpi));
}
