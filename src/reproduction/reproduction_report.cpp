#include "reproduction/reproduction_report.hpp"

#include <fmt/core.h>

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
  return network.alphas().is_constant() && network.lambdas().is_constant() && network.widths().is_constant();
}

std::string network_file(const Experiment& experiment) {
  return fmt::format("network-{}.toml", experiment.options.seed);
}

/// The command that repeats an experiment.
std::string command_of(const Experiment& experiment, const std::string& input_options) {
  const auto& [network, options] = experiment;
  std::string command = "initlaw compare";
  if (has_options(network)) {
    command += fmt::format(" --family {} --width {} --depth {}", to_string(network.family()), network.width(0),
                           network.depth());
    if (network.family() == Family::kVanilla || network.family() == Family::kBalanced) {
      command += fmt::format(" --alpha {} --lambda {}", network.alphas().values()[0], network.lambdas().values()[0]);
    }
    if (network.family() == Family::kStable) command += fmt::format(" --lambda {}", network.lambdas().values()[0]);
    if (network.leak() != 0) command += fmt::format(" --leak {}", network.leak());
    if (network.flip() != 0 && network.family() != Family::kBalanced)
      command += fmt::format(" --flip {}", network.flip());
    if (network.branch_depth() != 1) command += fmt::format(" --branch-depth {}", network.branch_depth());
    command += fmt::format(" --outputs {}", network.outputs());
  } else {
    command += " --network " + network_file(experiment);
  }
  if (!input_options.empty()) command += " " + input_options;
  command += fmt::format(" --samples {} --seed {}", options.samples, options.seed);
  if (options.estimator != Estimator::kPlain) command += fmt::format(" --estimator {}", to_string(options.estimator));
  if (options.gradients) command += fmt::format(" --gradients {}", to_string(*options.gradients));
  return command;
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
  if (claim.experiments.empty()) return;
  std::string commands;
  for (const Experiment& experiment : claim.experiments) commands += command_of(experiment, input_options) + "\n";
  page.folded(fmt::format("The {} simulations, as commands", claim.experiments.size()), commands);
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
    Json commands = Json::array();
    for (const Experiment& experiment : result.claim.experiments)
      commands.push_back(command_of(experiment, reproduction.input_options));
    claims.push_back({{"number", result.claim.number},
                      {"title", result.claim.title},
                      {"verdict", verdict(result)},
                      {"summary", result.findings.summary},
                      {"checks", std::move(checks)},
                      {"commands", std::move(commands)}});
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
    for (const Experiment& experiment : result.claim.experiments) {
      if (!has_options(experiment.network)) files.push_back({network_file(experiment), to_toml(experiment.network)});
    }
  }
  files.push_back({kReportName, page.html()});
  return files;
}

}  // namespace initlaw
