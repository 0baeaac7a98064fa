#include <fmt/core.h>

#include <stdexcept>
#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/commands/shared.hpp"
#include "report/html.hpp"
#include "report/picture.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

class Compare final : public Command {
 public:
  explicit Compare(CLI::App& parent)
      : Command(parent, "compare", "Simulate, and measure how far each limit's law is from the truth",
                "initlaw compare --width 100 --depth 50 --outputs 10 --input data/digits.csv.gz --samples 1e6") {
    add_json(app_, json_);
    network_.add_to(app_);
    options_.add_to(app_);
    report_.add_to(app_, "--report",
                   "write a report with pictures, one HTML file; - for standard output, which then holds it alone");
  }

  ExitStatus run(const Invocation& invocation) const override {
    require_one_on_standard_output(json_, report_);
    const auto values = network_.values();
    const SimulationOptions options = options_.options();
    const auto [json, report] = open_outputs(network_.files(), json_, report_);
    if (report != nullptr) require_gnuplot();
    Prediction prediction = predict(values.network, values.input, {.gradients = options.gradients.has_value()});
    Ensemble ensemble = simulate_watched(values, options, invocation.mpi);
    if (ensemble.samples == ensemble.dead) {
      throw std::runtime_error(fmt::format("all {} networks that were simulated are dead (z_out = 0)", ensemble.dead));
    }
    const Comparison comparison = compare(std::move(ensemble), std::move(prediction));
    write_report(report_.to_standard_output() ? report_ : json_, json.get(), comparison);
    if (report != nullptr) report->write(to_html(comparison, invocation.command_line));
    return status_of(comparison.ensemble().samples, options.samples);
  }

 private:
  FileOption json_;
  NetworkOptions network_;
  SimulationArguments options_;
  FileOption report_;
};

}  // namespace

std::unique_ptr<Command> make_compare(CLI::App& parent) { return std::make_unique<Compare>(parent); }

}  // namespace initlaw
