#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/commands/shared.hpp"
#include "joint/joint_task.hpp"
#include "report/html.hpp"
#include "report/picture.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

class Angles final : public Command {
 public:
  explicit Angles(CLI::App& parent)
      : Command(parent, "angles", "When do inputs collapse? Their angles, layer by layer, simulated and predicted",
                "initlaw angles --width 100 --depth 50 --input data/digits.csv.gz --rows 0-2") {
    app_.alias("kernel");
    add_json(app_, json_);
    network_.add_to(app_);
    options_.add_to(app_);
    report_.add_to(app_, "--report",
                   "write a report with pictures, one HTML file; - for standard output, which then holds it alone");
  }

  ExitStatus run(const Invocation& invocation) const override {
    require_one_on_standard_output(json_, report_);
    const auto inputs = network_.input().inputs(options_.pairs().rows());
    const JointOptions options = options_.options();
    const Network network = network_.network(inputs[0].size());
    const auto [json, report] = open_outputs(network_.files(), json_, report_);
    if (report != nullptr) require_gnuplot();
    JointPrediction prediction = predict_angles(network, options, inputs, options_.pairs().collapse_angle());
    JointEnsemble ensemble = watched(options.samples, [&](const Progress& progress) {
      if (invocation.mpi.size() == 1) return simulate_jointly(network, options, inputs, progress);
      const auto pool = invocation.mpi.pool(std::max(1u, options.threads), run_joint_task);
      return simulate_jointly(network, options, inputs, progress, *pool);
    });
    const std::uint64_t samples = ensemble.samples;
    const JointComparison comparison = compare(std::move(ensemble), std::move(prediction));
    write_report(report_.to_standard_output() ? report_ : json_, json.get(), comparison);
    if (report != nullptr) report->write(to_html(comparison, invocation.command_line));
    return status_of(samples, options.samples);
  }

 private:
  FileOption json_;
  NetworkOptions network_;
  JointArguments options_;
  FileOption report_;
};

}  // namespace

std::unique_ptr<Command> make_angles(CLI::App& parent) { return std::make_unique<Angles>(parent); }

}  // namespace initlaw
