#include <fmt/core.h>
#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <fstream>

#include "cli/options.hpp"
#include "cli/shell.hpp"
#include "reproduction/claims/claims.hpp"
#include "reproduction/reproduction_report.hpp"

namespace initlaw::testing {
namespace {

/// Claims that have found nothing.
Reproduction reproduction_of(std::vector<Claim> claims, const std::string& input_options) {
  Reproduction reproduction{{}, true, "initlaw reproduce", input_options};
  for (Claim& claim : claims) reproduction.results.push_back({std::move(claim), {}});
  return reproduction;
}

void expect_repeats(const std::string& command, const Experiment& experiment, const Input& input) {
  CLI::App app;
  NetworkOptions network;
  SimulationArguments plan_options;
  CLI::App& compare = *app.add_subcommand("compare");
  network.add_to(compare);
  plan_options.add_to(compare);
  app.parse(command, true);
  EXPECT_EQ(network.values().network, experiment.network) << command;
  EXPECT_EQ(network.values().input, input) << command;
  const SimulationOptions options = plan_options.options();
  EXPECT_EQ(options.samples, experiment.options.samples) << command;
  EXPECT_EQ(options.seed, experiment.options.seed) << command;
  EXPECT_EQ(options.method, experiment.options.method) << command;
  EXPECT_EQ(options.precision, experiment.options.precision) << command;
  EXPECT_EQ(options.estimator, experiment.options.estimator) << command;
  EXPECT_EQ(options.lags, experiment.options.lags) << command;
  EXPECT_EQ(options.gradients, experiment.options.gradients) << command;
}

TEST(PrintedCommands, RepeatWhatWasSimulated) {
  const Shell shell;
  shell.write("x.csv", "1,2,3\n4,5,6\n");
  const std::string input_options = fmt::format("--input {}/x.csv --row 1", shell.folder().string());
  for (const auto& [input, options] : {std::pair(Input(), std::string()), {Input({4, 5, 6}), input_options}}) {
    const Reproduction reproduction =
        reproduction_of(paper_claims({.input = input, .effort = 5e8, .seed = 3}), options);
    for (const File& file : report_files(reproduction)) shell.write(file.name, file.content);
    const auto document = to_document(reproduction);
    std::size_t with_gradients = 0;
    for (std::size_t i = 0; i < reproduction.results.size(); ++i) {
      const std::vector<Experiment>& experiments = reproduction.results[i].claim.experiments;
      const auto& commands = document["claims"][i]["commands"];
      ASSERT_EQ(commands.size(), experiments.size() + reproduction.results[i].claim.joint_experiments.size());
      for (std::size_t k = 0; k < experiments.size(); ++k) {
        auto command = commands[k].get<std::string>();
        // The networks' files lie beside the report.
        const std::string option = "--network ";
        if (const auto at = command.find(option); at != std::string::npos)
          command.insert(at + option.size(), shell.folder().string() + "/");
        expect_repeats(command, experiments[k], input);
        with_gradients += experiments[k].options.gradients ? 1u : 0u;
      }
    }
    EXPECT_GT(with_gradients, 0u);
  }
}

TEST(ReproductionReport, CountsItsClaims) {
  std::vector<Claim> claims = paper_claims({.input = {}, .effort = 1e8});
  for (const std::size_t count : {claims.size(), std::size_t{2}}) {
    claims.resize(count);
    const std::vector<File> files = report_files(reproduction_of(claims, ""));
    EXPECT_THAT(files.back().content, ::testing::HasSubstr(fmt::format(": {} claims, tested", count)));
  }
}

}  // namespace
}  // namespace initlaw::testing
