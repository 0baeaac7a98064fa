#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <stdexcept>

#include "cli/command_line.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "initlaw/version.hpp"
#include "report/html.hpp"
#include "report/picture.hpp"
#include "report/text.hpp"

namespace initlaw {
namespace {

enum ExitStatus { kDone = 0, kFailed = 1, kWrongUsage = 2, kInterrupted = 130 };

void flush_standard_output() {
  if (std::fflush(stdout) != 0) throw std::runtime_error("standard output: could not be written");
}

/// Writes a report's two forms: JSON where it was asked for, text unless standard output holds the JSON.
template <typename... Parts>
void write_report(const FileOption& option, OutputFile* json, const Parts&... parts) {
  if (json != nullptr) json->write(to_document(parts...).dump(2) + "\n");
  if (option.to_standard_output()) return;
  fmt::print("{}", to_text(parts...));
  flush_standard_output();
}

/// Simulates under a progress bar until done or interrupted.
Ensemble simulate_watched(const NetworkOptions::Values& values, const Plan& plan) {
  const Interrupt interrupt;
  ProgressBar bar(plan.samples);
  return simulate(values.network, plan, values.input, [&](std::uint64_t done) {
    bar.show(done);
    return !interrupt.requested();
  });
}

ExitStatus status_of(std::uint64_t samples, std::uint64_t planned) {
  if (samples >= planned) return kDone;
  fmt::print(stderr, "initlaw: interrupted after {} of {} samples\n", samples, planned);
  return kInterrupted;
}

/// One subcommand: its options, and what it does with them.
class Command {
 public:
  Command(CLI::App& app, const std::string& name, const std::string& description, const std::string& example)
      : app_(*app.add_subcommand(name, description)) {
    app_.footer("Example:\n  " + example);
    network_.add_to(app_);
    json_.add_to(app_, "--json", "write the machine-readable answer; - for standard output, which then holds it alone");
  }
  virtual ~Command() = default;
  bool chosen() const { return app_.parsed(); }
  virtual ExitStatus run() const = 0;

 protected:
  CLI::App& app_;
  NetworkOptions network_;
  FileOption json_;
};

class Predict final : public Command {
 public:
  explicit Predict(CLI::App& app)
      : Command(app, "predict", "The law of the output in the limits, in closed form",
                "initlaw predict --width 100 --depth 50 --outputs 10") {}

  ExitStatus run() const override {
    const auto [network, input] = network_.values();
    const auto json = json_.open();
    write_report(json_, json.get(), predict(network, input));
    return kDone;
  }
};

class Simulate final : public Command {
 public:
  explicit Simulate(CLI::App& app)
      : Command(app, "simulate", "Exact Monte Carlo of random networks",
                "initlaw simulate --family balanced --width 100 --depth 50 --samples 1e6") {
    plan_.add_to(app_);
  }

  ExitStatus run() const override {
    const auto values = network_.values();
    const Plan plan = plan_.plan();
    const auto json = json_.open();
    const Ensemble ensemble = simulate_watched(values, plan);
    write_report(json_, json.get(), ensemble);
    return status_of(ensemble.samples, plan.samples);
  }

 private:
  PlanOptions plan_;
};

class Compare final : public Command {
 public:
  Compare(CLI::App& app, std::string command_line)
      : Command(app, "compare", "Simulate, and measure how far each limit's law is from the truth",
                "initlaw compare --width 100 --depth 50 --outputs 10 --input data/digits.csv.gz --samples 1e6"),
        command_line_(std::move(command_line)) {
    plan_.add_to(app_);
    report_.add_to(app_, "--report", "write a report with pictures, one HTML file");
  }

  ExitStatus run() const override {
    const auto values = network_.values();
    const Plan plan = plan_.plan();
    const auto json = json_.open();
    const auto report = report_.open();
    if (report != nullptr) require_gnuplot();
    const Prediction prediction = predict(values.network, values.input);
    const Ensemble ensemble = simulate_watched(values, plan);
    if (ensemble.samples == ensemble.dead) {
      throw std::runtime_error(fmt::format("all {} networks that were simulated are dead (z_out = 0)", ensemble.dead));
    }
    const Comparison comparison = compare(ensemble, prediction);
    write_report(json_, json.get(), prediction, ensemble, comparison);
    if (report != nullptr) report->write(to_html(prediction, ensemble, comparison, command_line_));
    return status_of(ensemble.samples, plan.samples);
  }

 private:
  std::string command_line_;
  PlanOptions plan_;
  FileOption report_;
};

class TailCommand final : public Command {
 public:
  explicit TailCommand(CLI::App& app)
      : Command(app, "tail", "How probable it is that an output overflows, down to 10^-15",
                "initlaw tail --width 64 --depth 200 --threshold 65504") {
    plan_.add_to(app_);
  }

  ExitStatus run() const override {
    const auto [network, input] = network_.values();
    const TailPlan plan = plan_.plan();
    const auto json = json_.open();
    const Interrupt interrupt;
    ProgressBar bar(plan.samples);
    const Tail tail = tail_probability(network, plan, input, [&](std::uint64_t done) {
      bar.show(std::min(done, plan.samples));
      return !interrupt.requested();
    });
    write_report(json_, json.get(), compare(tail));
    return status_of(tail.samples, plan.samples);
  }

 private:
  TailOptions plan_;
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

ExitStatus run(int argc, char** argv) {
  CLI::App app("The probability law of a deep ReLU network's output at random initialization.");
  app.name("initlaw");
  app.set_version_flag("--version", "initlaw " + std::string(version()));
  app.require_subcommand(1);
  app.footer("'initlaw COMMAND --help' lists a command's options.");
  const Predict predict(app);
  const Simulate simulate(app);
  const Compare compare(app, command_line(argc, argv));
  const TailCommand tail(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    app.exit(help);
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("standard output: could not be written");
    return kDone;
  } catch (const CLI::RequiredError&) {
    const std::string found = argc > 1 ? fmt::format("{} is no command", argv[1]) : "a command is missing";
    throw std::invalid_argument(found + "; the commands are predict, simulate, compare and tail");
  } catch (const CLI::ParseError& error) {
    throw std::invalid_argument(std::string(error.what()) + "; see initlaw --help");
  }
  for (const Command* command : {static_cast<const Command*>(&predict), static_cast<const Command*>(&simulate),
                                 static_cast<const Command*>(&compare), static_cast<const Command*>(&tail)}) {
    if (command->chosen()) return command->run();
  }
  return kWrongUsage;
}

}  // namespace
}  // namespace initlaw

int main(int argc, char** argv) {
  try {
    initlaw::prepare_process();
    return initlaw::run(argc, argv);
  } catch (const std::invalid_argument& error) {
    fmt::print(stderr, "initlaw: {}\n", error.what());
    return initlaw::kWrongUsage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "initlaw: {}\n", error.what());
    return initlaw::kFailed;
  }
}
