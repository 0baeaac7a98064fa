#include <stdexcept>

#include "cli/commands/commands.hpp"
#include "cli/commands/shared.hpp"
#include "comparison/prediction.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

class Predict final : public Command {
 public:
  explicit Predict(CLI::App& parent)
      : Command(parent, "predict", "The law of the output in the limits, in closed form",
                "initlaw predict --width 100 --depth 50 --outputs 10") {
    add_json(app_, json_);
    network_.add_to(app_);
    app_.add_flag("--gradients", gradients_, "the law of gradients, too");
    pairs_.add_to(app_);
  }

  ExitStatus run(const Invocation&) const override {
    return pairs_.rows().empty() ? predict_output() : predict_angles_of_rows();
  }

 private:
  ExitStatus predict_output() const {
    if (pairs_.any()) throw std::invalid_argument("--pairs, --layers and --angle are of rows; give --rows, too");
    const auto [network, input] = network_.values();
    const auto [json] = open_outputs(network_.files(), json_);
    write_report(json_, json.get(), predict(network, input, {.gradients = gradients_}));
    return kDone;
  }

  /// The law of the angles of several inputs.
  ExitStatus predict_angles_of_rows() const {
    if (gradients_) throw std::invalid_argument("--gradients contradicts --rows; give one of them");
    const auto inputs = network_.input().inputs(pairs_.rows());
    const Network network = network_.network(inputs[0].size());
    const auto [json] = open_outputs(network_.files(), json_);
    write_report(json_, json.get(), predict_angles(network, pairs_.options(), inputs, pairs_.collapse_angle()));
    return kDone;
  }

  FileOption json_;
  NetworkOptions network_;
  bool gradients_ = false;
  PairOptions pairs_;
};

}  // namespace

std::unique_ptr<Command> make_predict(CLI::App& parent) { return std::make_unique<Predict>(parent); }

}  // namespace initlaw
