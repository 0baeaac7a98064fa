#include "cli/commands/commands.hpp"
#include "cli/commands/shared.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

class Kernel final : public Command {
 public:
  explicit Kernel(CLI::App& parent)
      : Command(parent, "kernel", "Several inputs through the same random networks: their angles, layer by layer",
                "initlaw kernel --width 100 --depth 50 --input data/digits.csv.gz --rows 0-2") {
    add_json(app_, json_);
    network_.add_to(app_);
    options_.add_to(app_);
  }

  ExitStatus run(const Invocation& invocation) const override {
    require_one_process(invocation.mpi, app_.get_name());
    const auto inputs = network_.input().inputs(options_.rows());
    const JointOptions options = options_.options();
    const Network network = network_.network(inputs[0].size());
    const auto [json] = open_outputs(network_.files(), json_);
    JointEnsemble ensemble = watched(options.samples, [&](const Progress& progress) {
      return simulate_jointly(network, options, inputs, progress);
    });
    const std::uint64_t samples = ensemble.samples;
    write_report(json_, json.get(), compare(std::move(ensemble)));
    return status_of(samples, options.samples);
  }

 private:
  FileOption json_;
  NetworkOptions network_;
  JointArguments options_;
};

}  // namespace

std::unique_ptr<Command> make_kernel(CLI::App& parent) { return std::make_unique<Kernel>(parent); }

}  // namespace initlaw
