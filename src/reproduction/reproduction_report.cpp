#include "reproduction/reproduction_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "initlaw/version.hpp"
#include "network/network_document.hpp"
#include "report/page.hpp"
#include "result/format.hpp"
#include "result/json_parts.hpp"

namespace initlaw {
namespace {

std::size_t held(const Findings& findings) {
  return static_cast<std::size_t>(
      std::count_if(findings.checks.begin(), findings.checks.end(), [](const Check& check) { return check.holds; }));
}

std::string verdict(const Result& result) { return result.holds() ? "holds" : "refuted"; }

std::string format(const Check& check) {
  return fmt::format("{}: {:.4g} ± {:.2g}; must be {}", check.what, check.measured.value, check.measured.std_error,
                     check.condition);
}

bool has_options(const Network& network) {
  return network.alphas().is_constant() && network.lambdas().is_constant() && network.widths().is_constant() &&
         network.has_standard_architecture();
}

std::string network_file(std::uint64_t seed) { return fmt::format("network-{}.toml", seed); }

/// The options that make a network, whose file, if it needs one, lies beside the report.
std::string network_options(const Network& network, std::uint64_t seed) {
  if (!has_options(network)) return " --network " + network_file(seed);
  std::string text =
      fmt::format(" --family {} --width {} --depth {}", to_string(network.family()), network.width(0), network.depth());
  if (network.family() == Family::kVanilla || network.family() == Family::kBalanced) {
    text += fmt::format(" --alpha {} --lambda {}", network.alphas().values()[0], network.lambdas().values()[0]);
  }
  if (network.family() == Family::kStable) text += fmt::format(" --lambda {}", network.lambdas().values()[0]);
  if (network.leak() != 0) text += fmt::format(" --leak {}", network.leak());
  if (network.flip() != 0 && network.family() != Family::kBalanced) text += fmt::format(" --flip {}", network.flip());
  if (network.branch_depth() != 1) text += fmt::format(" --branch-depth {}", network.branch_depth());
  text += fmt::format(" --outputs {}", network.outputs());
  return text;
}

/// The command that repeats an experiment.
std::string command_of(const Experiment& experiment, const std::string& input_options) {
  const auto& [network, options] = experiment;
  std::string command = "initlaw compare";
  command += network_options(network, options.seed);
  if (!input_options.empty()) command += " " + input_options;
  command += fmt::format(" --samples {} --seed {}", options.samples, options.seed);
  if (options.estimator != Estimator::kPlain) command += fmt::format(" --estimator {}", to_string(options.estimator));
  if (options.gradients) command += fmt::format(" --gradients {}", to_string(*options.gradients));
  return command;
}

std::string inputs_file(const Claim& claim) { return fmt::format("inputs-{}.csv", claim.number); }

/// The commands that repeat a claim's experiments. Those at inputs of their own take them from inputs_file().
std::vector<std::string> commands_of(const Claim& claim, const std::string& input_options) {
  std::vector<std::string> commands;
  for (const Experiment& experiment : claim.experiments) commands.push_back(command_of(experiment, input_options));
  for (const auto& [network, options, inputs] : claim.joint_experiments) {
    commands.push_back(fmt::format("initlaw angles{} --input {} --rows 0-{} --samples {} --seed {}",
                                   network_options(network, options.seed), inputs_file(claim), inputs.size() - 1,
                                   options.samples, options.seed));
  }
  return commands;
}

/// The inputs as a table, to the last digit.
std::string to_csv(const std::vector<std::vector<double>>& inputs) {
  std::string text;
  for (const std::vector<double>& input : inputs) text += fmt::format("{}\n", fmt::join(input, ","));
  return text;
}

void add_claim(Page& page, const Result& result, const std::vector<std::string>& drawings,
               const std::string& input_options) {
  const auto& [claim, findings] = result;
  page.heading(fmt::format("{}. {}", claim.number, claim.title), fmt::format("claim-{}", claim.number));
  page.paragraph(claim.statement);
  page.preformatted(claim.formula);
  page.paragraph(claim.test);
  page.verdict(verdict(result),
               fmt::format("{} of {} checks; {}.", held(findings), findings.checks.size(), findings.summary));
  for (std::size_t i = 0; i < drawings.size(); ++i) page.picture(findings.pictures[i], drawings[i]);
  if (!findings.table.empty()) page.table(findings.table);
  std::vector<std::vector<std::string>> checks{{"verdict", "quantity", "measured", "must be"}};
  for (const Check& check : findings.checks) {
    checks.push_back({check.holds ? "holds" : "refuted", check.what,
                      fmt::format("{:.4g} ± {:.2g}", check.measured.value, check.measured.std_error), check.condition});
  }
  page.folded_table(fmt::format("The {} checks", findings.checks.size()), checks);
  const std::vector<std::string> commands = commands_of(claim, input_options);
  page.folded(fmt::format("The {} simulations, as commands", commands.size()),
              fmt::format("{}\n", fmt::join(commands, "\n")));
}

}  // namespace

std::string to_text(const Reproduction& reproduction) {
  std::string text;
  for (const Result& result : reproduction.results) {
    const auto& [claim, findings] = result;
    text += fmt::format("{}. {:<8} {}\n            {} of {} checks; {}\n", claim.number, verdict(result), claim.title,
                        held(findings), findings.checks.size(), findings.summary);
    for (const Check& check : findings.checks) {
      if (!check.holds) text += "            refuted: " + format(check) + "\n";
    }
  }
  return text;
}

nlohmann::ordered_json to_document(const Reproduction& reproduction) {
  using Json = nlohmann::ordered_json;
  Json claims = Json::array();
  for (const Result& result : reproduction.results) {
    Json checks = Json::array();
    for (const Check& check : result.findings.checks) {
      checks.push_back({{"what", check.what},
                        {"value", number(check.measured.value)},
                        {"std_error", number(check.measured.std_error)},
                        {"must_be", check.condition},
                        {"holds", check.holds}});
    }
    claims.push_back({{"number", result.claim.number},
                      {"title", result.claim.title},
                      {"verdict", verdict(result)},
                      {"summary", result.findings.summary},
                      {"checks", std::move(checks)},
                      {"commands", commands_of(result.claim, reproduction.input_options)}});
  }
  return {{"initlaw", version()}, {"complete", reproduction.complete}, {"claims", std::move(claims)}};
}

std::vector<File> report_files(const Reproduction& reproduction) {
  Page page(
      fmt::format("The law of deep ReLU networks at initialization: {} claims, tested", reproduction.results.size()));
  page.paragraph(
      "Each claim of Li, Nica and Roy, \"The Future is Log-Gaussian: ResNets and Their Infinite-Depth-and-Width "
      "Limit at Initialization\" (NeurIPS 2021, arXiv 2106.04013), as a statement that simulation can refute. "
      "Networks are simulated exactly; G is ln(‖z_d‖²/n) - ln(‖x‖²/n_in), n the width, d the depth. Made "
      "by");
  page.preformatted(reproduction.command);
  std::vector<std::vector<Page::Cell>> verdicts;
  for (const Result& result : reproduction.results) {
    const auto& [claim, findings] = result;
    verdicts.push_back({{fmt::format("{}. {}", claim.number, claim.title), fmt::format("claim-{}", claim.number)},
                        {verdict(result)},
                        {fmt::format("{} of {} checks", held(findings), findings.checks.size())},
                        {findings.summary}});
  }
  page.cards({"claim", "verdict", "checks", "figures"}, verdicts);
  std::vector<File> files;
  for (const Result& result : reproduction.results) {
    std::vector<std::string> drawings;
    for (const Picture& picture : result.findings.pictures) {
      drawings.push_back(draw_svg(picture));
      files.push_back({picture.name + ".svg", drawings.back()});
      files.push_back({picture.name + ".csv", to_csv(picture)});
    }
    add_claim(page, result, drawings, reproduction.input_options);
    if (const auto& joint = result.claim.joint_experiments; !joint.empty()) {
      files.push_back({inputs_file(result.claim), to_csv(joint[0].inputs)});
    }
    for (const Experiment& experiment : result.claim.experiments) {
      if (!has_options(experiment.network))
        files.push_back({network_file(experiment.options.seed), to_toml(experiment.network)});
    }
  }
  files.push_back({kReportName, page.html()});
  return files;
}

}  // namespace initlaw
