#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/commands/shared.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

class Ntk final : public Command {
 public:
  explicit Ntk(CLI::App& parent)
      : Command(
            parent, "ntk",
            "The neural tangent kernel: its diagonal, and each layer's share in it, or its matrix at several inputs",
            "initlaw ntk --width 100 --depth 50 --samples 1e5") {
    add_json(app_, json_);
    network_.add_to(app_);
    options_.add_to(app_);
    add_text(app_, "--rows", rows_,
             "rows of the input file, such as 0-9,12: the kernel's matrix (default 10000 samples)")
        ->type_name("LIST")
        ->group("Input");
  }

  ExitStatus run(const Invocation& invocation) const override {
    return rows_.empty() ? run_diagonal(invocation) : run_matrix(invocation);
  }

 private:
  ExitStatus run_diagonal(const Invocation& invocation) const {
    const auto values = network_.values();
    SimulationOptions options = options_.options();
    if (!options.gradients) options.gradients = OutputDirection::kRandom;
    const auto [json] = open_outputs(network_.files(), json_);
    Ensemble ensemble = simulate_watched(values, options, invocation.mpi);
    const std::uint64_t samples = ensemble.samples;
    write_report(json_, json.get(), compare_tangent_kernel(std::move(ensemble)));
    return status_of(samples, options.samples);
  }

  ExitStatus run_matrix(const Invocation& invocation) const {
    require_one_process(invocation.mpi, app_.get_name() + " --rows");
    const TangentKernelOptions options = options_.options_of_rows();
    const auto inputs = network_.input().inputs(rows_);
    const Network network = network_.network(inputs[0].size());
    const auto [json] = open_outputs(network_.files(), json_);
    TangentKernelEnsemble ensemble = watched(options.samples, [&](const Progress& progress) {
      return simulate_tangent_kernel(network, options, inputs, progress);
    });
    const std::uint64_t samples = ensemble.samples;
    write_report(json_, json.get(), compare_tangent_kernel(std::move(ensemble)));
    return status_of(samples, options.samples);
  }

  FileOption json_;
  NetworkOptions network_;
  SimulationArguments options_;
  std::string rows_;
};

}  // namespace

std::unique_ptr<Command> make_ntk(CLI::App& parent) { return std::make_unique<Ntk>(parent); }

}  // namespace initlaw
