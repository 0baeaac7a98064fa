#include <fmt/core.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/commands/shared.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

class DesignCommand final : public Command {
 public:
  explicit DesignCommand(CLI::App& parent)
      : Command(parent, "design", "The width, depth, alpha or lambda with which a network meets a target",
                "initlaw design --find width --depth 100 --variance 0.5 --verify") {
    add_json(app_, json_);
    network_.add_to(app_);
    options_.add_to(app_);
  }

  ExitStatus run(const Invocation& invocation) const override {
    require_one_process(invocation.mpi, "design");
    const auto [parameter, target, from, to] = options_.values();
    const auto [network, input] = network_.values_but(to_string(parameter));
    const auto verification_options = options_.verification();
    const auto [json] = open_outputs(network_.files(), json_);
    const Range usual = default_range(network, parameter);
    const Design design =
        initlaw::design(network, parameter, target, input, {from.value_or(usual.from), to.value_or(usual.to)});
    const bool verifying = design.found && verification_options;
    std::string text = to_text(design);
    nlohmann::ordered_json document = to_document(design);
    ExitStatus status = design.found ? kDone : kFailed;
    if (verifying) {
      const auto simulated = [&, &target = target, &input = input](const Progress& progress) {
        return verify(design.network, target, *verification_options, input, progress);
      };
      const Verification verification = watched(verification_options->samples, simulated);
      text += to_text(verification);
      document["verification"] = to_document(verification);
      const bool refuted = verification.verdict == DesignVerdict::kRefuted;
      status = refuted ? kFailed : status_of(verification.samples, verification_options->samples);
    } else if (design.found) {
      text += fmt::format("Verify it by simulation: {} --verify\n", invocation.command_line);
    }
    if (json != nullptr) json->write(to_text(document));
    if (!json_.to_standard_output()) print(stdout, "{}", text);
    return status;
  }

 private:
  FileOption json_;
  NetworkOptions network_;
  DesignArguments options_;
};

}  // namespace

std::unique_ptr<Command> make_design(CLI::App& parent) { return std::make_unique<DesignCommand>(parent); }

}  // namespace initlaw
