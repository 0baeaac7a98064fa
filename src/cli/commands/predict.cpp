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
  }

  ExitStatus run(const Invocation&) const override {
    const auto [network, input] = network_.values();
    const auto [json] = open_outputs(network_.files(), json_);
    write_report(json_, json.get(), predict(network, input, gradients_));
    return kDone;
  }

 private:
  FileOption json_;
  NetworkOptions network_;
  bool gradients_ = false;
};

}  // namespace

std::unique_ptr<Command> make_predict(CLI::App& parent) { return std::make_unique<Predict>(parent); }

}  // namespace initlaw
