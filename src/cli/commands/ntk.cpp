#include "cli/commands/commands.hpp"
#include "cli/commands/shared.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

class Ntk final : public Command {
 public:
  explicit Ntk(CLI::App& parent)
      : Command(parent, "ntk", "The neural tangent kernel's diagonal, and each layer's share in it",
                "initlaw ntk --width 100 --depth 50 --samples 1e5") {
    add_json(app_, json_);
    network_.add_to(app_);
    options_.add_to(app_);
  }

  ExitStatus run(const Invocation& invocation) const override {
    const auto values = network_.values();
    SimulationOptions options = options_.options();
    if (!options.gradients) options.gradients = OutputDirection::kRandom;
    const auto [json] = open_outputs(network_.files(), json_);
    Ensemble ensemble = simulate_watched(values, options, invocation.mpi);
    const std::uint64_t samples = ensemble.samples;
    write_report(json_, json.get(), compare_tangent_kernel(std::move(ensemble)));
    return status_of(samples, options.samples);
  }

 private:
  FileOption json_;
  NetworkOptions network_;
  SimulationArguments options_;
};

}  // namespace

std::unique_ptr<Command> make_ntk(CLI::App& parent) { return std::make_unique<Ntk>(parent); }

}  // namespace initlaw
