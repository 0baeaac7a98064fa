#include "cli/commands/commands.hpp"
#include "cli/commands/shared.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

class Simulate final : public Command {
 public:
  explicit Simulate(CLI::App& parent)
      : Command(parent, "simulate", "Exact Monte Carlo of random networks",
                "initlaw simulate --family balanced --width 100 --depth 50 --samples 1e6") {
    add_json(app_, json_);
    network_.add_to(app_);
    options_.add_to(app_);
  }

  ExitStatus run(const Invocation& invocation) const override {
    const auto values = network_.values();
    const SimulationOptions options = options_.options();
    const auto [json] = open_outputs(network_.files(), json_);
    const Ensemble ensemble = simulate_watched(values, options, invocation.mpi);
    write_report(json_, json.get(), ensemble);
    return status_of(ensemble.samples, options.samples);
  }

 private:
  FileOption json_;
  NetworkOptions network_;
  SimulationArguments options_;
};

}  // namespace

std::unique_ptr<Command> make_simulate(CLI::App& parent) { return std::make_unique<Simulate>(parent); }

}  // namespace initlaw
