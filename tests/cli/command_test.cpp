#include <fmt/core.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "cli/shell.hpp"
#include "initlaw/initlaw.hpp"

namespace initlaw::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using Json = nlohmann::json;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TEST(Command, HasAVersionAndHelpWithExamples) {
  const Shell shell;
  EXPECT_EQ(shell.run("initlaw --version").out, fmt::format("initlaw {}\n", version()));
  EXPECT_THAT(shell.run("initlaw --help").out, HasSubstr("compare"));
  for (const char* command : {"predict", "simulate", "compare", "angles", "tail", "design"}) {
    const Outcome help = shell.run(fmt::format("initlaw {} --help", command));
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, HasSubstr("--branch-depth"));
    EXPECT_THAT(help.out, HasSubstr(fmt::format("Example:\n  initlaw {} ", command)));
  }
}

/// The names in a help's list of subcommands, in order.
std::vector<std::string> subcommands(const std::string& help) {
  std::istringstream lines(help.substr(help.find("Subcommands:\n") + 13));
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  ") && line[2] != ' ') names.push_back(line.substr(2, line.find_first_of(", ", 2) - 2));
  }
  return names;
}

TEST(Command, NamesAllSubcommandsToWhoeverNamesNone) {
  const Shell shell;
  const std::vector<std::string> names = subcommands(shell.run("initlaw --help").out);
  ASSERT_EQ(names.size(), 9);
  const std::string expected =
      fmt::format("the commands are {} and {}\n", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
  EXPECT_EQ(shell.run("initlaw").err, "initlaw: a command is missing; " + expected);
  EXPECT_EQ(shell.run("initlaw foretell").err, "initlaw: foretell is no command; " + expected);
}

TEST(Command, EverySubcommandHasAnExampleOfItself) {
  const Shell shell;
  const auto expect_example = [&](const std::string& words) {
    const Outcome help = shell.run(fmt::format("initlaw {} --help", words));
    EXPECT_EQ(help.status, 0) << words;
    EXPECT_THAT(help.out, HasSubstr(fmt::format("Example:\n  initlaw {} ", words)));
  };
  for (const std::string& name : subcommands(shell.run("initlaw --help").out)) {
    if (name != "study") expect_example(name);
  }
  const std::vector<std::string> actions = subcommands(shell.run("initlaw study --help").out);
  EXPECT_EQ(actions.size(), 7);
  for (const std::string& action : actions) expect_example("study " + action);
}

TEST(Command, ReadsTheFormerNameOfAnEstimator) {
  const Shell shell;
  const auto simulated = [&](const char* estimator) {
    return shell
        .run(fmt::format("initlaw simulate --width 10 --depth 3 --samples 100 --json - --estimator {}", estimator))
        .out;
  };
  EXPECT_EQ(simulated("paired"), simulated("antithetic"));
  EXPECT_EQ(Json::parse(simulated("paired"))["estimator"], "antithetic");
}

TEST(Command, PredictWritesTheContractsKeys) {
  const Shell shell;
  const Outcome outcome = shell.run("initlaw predict --family fully-connected --width 10 --depth 3 --json -");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
  const Json document = Json::parse(outcome.out);
  EXPECT_THAT(keys(document["log_gaussian"]),
              IsSupersetOf({"G", "log_output_norm2", "second_moment", "output_excess_kurtosis"}));
  EXPECT_THAT(keys(document["gaussian"]["log_output_norm2"]), IsSupersetOf({"mean", "variance", "quantiles"}));
  EXPECT_TRUE(document.contains("exact"));
  ASSERT_EQ(document["layers"].size(), 3);
  EXPECT_THAT(keys(document["layers"][0]), IsSupersetOf({"hypoactivation", "active_fraction"}));
  EXPECT_EQ(network_from_json(document["network"].dump()), fully_connected({.width = 10, .depth = 3}));
}

TEST(Command, PredictEndsWithTheRegime) {
  const Shell shell;
  const Outcome outcome = shell.run("initlaw predict --width 64 --depth 16");
  EXPECT_THAT(outcome.out, HasSubstr("\n\nRegime    d/n = 0.25\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nWhat would change it "));
  const Json regime = Json::parse(shell.run("initlaw predict --width 64 --depth 16 --json -").out)["regime"];
  EXPECT_THAT(keys(regime), IsSupersetOf({"depth_over_width", "variance", "decades", "beyond_ten", "ks_to_gaussian",
                                          "at_infinite_width", "fp16", "bf16", "kernel_deviation",
                                          "gaussian_process_theory", "tangent_kernel_theory", "changes"}));
}

TEST(Command, DesignFindsAndTheCommandThatItPrintsVerifies) {
  const Shell shell;
  const std::string command = "initlaw design --find width --depth 9 --outputs 10 --variance 0.5 --from 9 --to 999";
  const Outcome found = shell.run(command + " --json design.json");
  ASSERT_EQ(found.status, 0) << found.err;
  const Json document = Json::parse(shell.read("design.json"));
  EXPECT_THAT(keys(document),
              IsSupersetOf({"network", "find", "target", "searched", "met", "found", "points", "at_infinite_width"}));
  EXPECT_FALSE(document.contains("verification"));
  EXPECT_EQ(document["network"]["width"], document["found"]["value"]);
  const std::string verify = "Verify it by simulation: ";
  ASSERT_THAT(found.out, HasSubstr(verify + command));
  const std::string printed = found.out.substr(found.out.find(verify) + verify.size());
  const Outcome verified = shell.run(printed.substr(0, printed.find("\n")));
  EXPECT_EQ(verified.status, 0);
  EXPECT_THAT(verified.out, HasSubstr(" networks, seed 1: confirmed.\n"));
  EXPECT_THAT(Json::parse(shell.read("design.json"))["verification"]["verdict"], "confirmed");
}

TEST(Command, DesignFailsWhereThereIsNone) {
  const Shell shell;
  const Outcome outcome = shell.run("initlaw design --find width --depth 9 --variance 0.5 --to 99 --verify --json -");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "");
  EXPECT_TRUE(Json::parse(outcome.out)["found"].is_null());
}

TEST(Command, DesignTakesANetworkFromAFileWhateverItsField) {
  const Shell shell;
  shell.write("net.toml", "family = 'stable'\nwidth = 50\ndepth = 20\nlambda = 3.0\n");
  const Outcome outcome = shell.run("initlaw design --network net.toml --find lambda --ks-to-gaussian 0.1 --json -");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json document = Json::parse(outcome.out);
  EXPECT_EQ(document["network"]["family"], "stable");
  EXPECT_EQ(document["network"]["lambda"], document["found"]["value"]);
}

TEST(Command, CompareWritesAReportWithTheCommandThatMadeIt) {
  const Shell shell;
  const Outcome outcome =
      shell.run("initlaw compare --width 10 --depth 3 --samples 1e3 --report 'my report.html' --json -");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(Json::accept(outcome.out));
  const std::string report = shell.read("my report.html");
  EXPECT_THAT(report,
              HasSubstr("initlaw compare --width 10 --depth 3 --samples 1e3 --report 'my report.html' --json -"));
  for (const char* picture : {"density", "quantiles", "output", "hypoactivation", "covariance", "growth-variance"}) {
    EXPECT_THAT(report, HasSubstr(fmt::format("<figure id=\"{}\">", picture)));
  }
}

TEST(Command, SaysAtOnceThatPicturesNeedGnuplot) {
  const Shell shell;
  for (const char* command : {"compare --width 10 --depth 3 --samples 1e15 --report r.html", "reproduce"}) {
    const Outcome outcome = shell.run(fmt::format("PATH=/nowhere initlaw {}", command));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("gnuplot"));
    EXPECT_FALSE(std::filesystem::exists(shell.folder() / "r.html"));
  }
}

TEST(Command, AnInterruptedReproductionWritesWhatItHas) {
  const Shell shell;
  const Outcome outcome = shell.run(fmt::format(
      "timeout --preserve-status -s INT 1 '{}' reproduce --quick --out here --json answer.json", INITLAW_COMMAND));
  EXPECT_EQ(outcome.status, 130);
  EXPECT_EQ(Json::parse(shell.read("answer.json"))["complete"], false);
  EXPECT_THAT(outcome.err, HasSubstr("interrupted after 0 of 12 claims"));
  EXPECT_THAT(shell.read("here/report.html"), HasSubstr("</html>"));
}

TEST(Command, TailWritesTheContractsKeys) {
  const Shell shell;
  const Outcome outcome =
      shell.run("initlaw tail --family fully-connected --width 20 --depth 3 --threshold 30 --samples 4e4 --json -");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json document = Json::parse(outcome.out);
  EXPECT_THAT(keys(document), IsSupersetOf({"network", "threshold", "samples", "complete", "seed", "probability",
                                            "largest_share", "converged", "log_gaussian", "gaussian", "exact"}));
  EXPECT_THAT(keys(document["probability"]), IsSupersetOf({"value", "std_error", "variance_reduction"}));
  const double p = document["probability"]["value"];
  EXPECT_NEAR(p, document["exact"], 4.5 * document["probability"]["std_error"].get<double>());
  const Outcome text = shell.run("initlaw tail --width 20 --depth 3 --threshold 30 --samples 4e4");
  EXPECT_THAT(text.out, HasSubstr("P(|one output| > 30)"));
  EXPECT_THAT(text.out, Not(HasSubstr("converged")));
  EXPECT_TRUE(document["converged"]);
  EXPECT_LT(document["largest_share"], 0.1);
}

TEST(Command, TailTellsIfItHasNotConverged) {
  const Shell shell;
  const std::string command =
      "initlaw tail --family fully-connected --width 2 --depth 3 --threshold 1e20 --samples 4e4";
  EXPECT_THAT(shell.run(command).out, HasSubstr("The estimate has not converged"));
  const Json document = Json::parse(shell.run(command + " --json -").out);
  EXPECT_FALSE(document["converged"]);
  EXPECT_NEAR(document["largest_share"], 1, 1e-6);
}

TEST(Command, AnglesWritesTheContractsKeys) {
  const Shell shell;
  const std::string input = fmt::format(" --input {}/digits.csv.gz --rows 4,0-1", INITLAW_DATA_DIR);
  const std::string options = " --width 20 --depth 3" + input + " --samples 50 --json -";
  const Outcome outcome = shell.run("initlaw angles" + options);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json answer = Json::parse(outcome.out);
  EXPECT_THAT(keys(answer),
              IsSupersetOf({"initlaw", "network", "samples", "seed", "layers", "collapse_angle", "inputs", "pairs"}));
  EXPECT_EQ(answer["inputs"].size(), 3);
  ASSERT_EQ(answer["pairs"].size(), 3);
  const Json& pair = answer["pairs"][2];
  EXPECT_THAT(keys(pair), IsSupersetOf({"i", "j", "cosine", "log_tangent_mean", "log_tangent_variance", "collapsed",
                                        "angle", "infinite_width", "law", "fit", "kernel", "G_difference",
                                        "G_covariance", "covariance_with_G"}));
  EXPECT_THAT(keys(pair["law"]), IsSupersetOf({"log_tangent_mean", "log_tangent_variance", "covariance_with_G",
                                               "cosine", "angle", "collapse_depth", "G_difference_variance"}));
  for (const char* key : {"cosine", "infinite_width", "log_tangent_mean"}) EXPECT_EQ(pair[key].size(), 4) << key;
  EXPECT_EQ(shell.run("initlaw kernel" + options).out, outcome.out);
  // Without simulation the same of the law.
  const Json law = Json::parse(shell.run("initlaw predict --width 20 --depth 3" + input + " --json -").out);
  EXPECT_EQ(law["pairs"][2]["law"], pair["law"]);
}

TEST(Command, AnglesKeepsThePairsAndLayersAskedFor) {
  const Shell shell;
  const std::string options = fmt::format(
      " --width 20 --depth 30 --input {}/digits.csv.gz --rows 0-9 --pairs 9-1,0-3 --layers 4-5,9 --angle 60",
      INITLAW_DATA_DIR);
  const Json answer = Json::parse(shell.run("initlaw angles --samples 20 --json -" + options).out);
  EXPECT_EQ(answer["layers"], (std::vector<int>{4, 5, 9, 30}));
  ASSERT_EQ(answer["pairs"].size(), 2);
  EXPECT_EQ(answer["pairs"][0]["i"], 1);
  EXPECT_EQ(answer["pairs"][0]["j"], 9);
  EXPECT_EQ(answer["pairs"][1]["cosine"].size(), 4);
  EXPECT_LT(answer["pairs"][1]["law"]["collapse_depth"].get<int>(), 30);
  EXPECT_THAT(shell.run("initlaw predict" + options).out, HasSubstr("half of the networks see them closer than 60"));
}

TEST(Command, RefusesPairsLayersAndAnglesThatAreNone) {
  const Shell shell;
  const std::string file = fmt::format(" --width 20 --depth 3 --input {}/digits.csv.gz", INITLAW_DATA_DIR);
  for (const auto& [wrong, named] : {std::pair(" --rows 0-2 --pairs 0", "--pairs 0"),
                                     {" --rows 0-2 --pairs 0-3", "pairs: 0-3"},
                                     {" --rows 0-2 --pairs 1-1", "pairs: 1-1"},
                                     {" --rows 0-2 --pairs x", "--pairs x"},
                                     {" --rows 0-2 --layers 4", "layers: 4"},
                                     {" --rows 0-2 --layers 3-1", "--layers 3-1"},
                                     {" --rows 0-2 --angle 0", "--angle 0"},
                                     {" --rows 0-2 --angle 180", "--angle 180"}}) {
    for (const char* command : {"initlaw angles --samples 10", "initlaw predict"}) {
      const Outcome outcome = shell.run(command + file + wrong);
      EXPECT_EQ(outcome.status, 2) << wrong;
      EXPECT_THAT(outcome.err, HasSubstr(named)) << wrong;
    }
  }
  EXPECT_EQ(shell.run("initlaw predict --angle 3" + file).status, 2);
  EXPECT_EQ(shell.run("initlaw predict --rows 0-1 --gradients" + file).status, 2);
}

TEST(Command, AnglesTakesInputsThatAreZeroEqualOrOpposite) {
  const Shell shell;
  shell.write("x.csv", "0,0\n1,2\n1,2\n-1,-2\n");
  shell.write("y.csv", "1,2\n1,2,3\n");
  const Outcome outcome =
      shell.run("initlaw angles --width 20 --depth 3 --input x.csv --rows 0-3 --samples 50 --json -");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json answer = Json::parse(outcome.out);
  EXPECT_TRUE(answer["pairs"][0]["cosine"][0]["value"].is_null());
  EXPECT_NEAR(answer["pairs"][2]["cosine"][3]["value"], 1, 1e-12);
  EXPECT_NEAR(answer["pairs"][4]["cosine"][0]["value"], -1, 1e-12);
  const Outcome ragged = shell.run("initlaw angles --width 20 --depth 3 --input y.csv --rows 0-1");
  EXPECT_EQ(ragged.status, 2);
  EXPECT_THAT(ragged.err, HasSubstr("y.csv"));
  const Outcome other = shell.run("initlaw angles --width 20 --depth 3 --inputs 3 --input x.csv --rows 1");
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.err, HasSubstr("inputs: 3 contradicts the input, which has 2 components"));
}

TEST(Command, SimulatesGradientsIfAsked) {
  const Shell shell;
  for (const char* option : {"--gradients", "--gradients orthogonal"}) {
    const Outcome outcome =
        shell.run(fmt::format("initlaw compare --width 30 --depth 9 --samples 2e4 {} --json -", option));
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Json answer = Json::parse(outcome.out);
    const Json& gradients = answer["simulation"]["gradients"];
    EXPECT_THAT(keys(gradients), IsSupersetOf({"direction", "vanished", "log_growth", "correlation_with_G",
                                               "log_input_norm2", "log_ntk", "ntk", "layers", "output_ntk_share"}));
    EXPECT_EQ(gradients["layers"].size(), 10);
    EXPECT_LT(answer["fit"]["gradients"]["ks"].get<double>(), 0.05);
    EXPECT_THAT(keys(answer["prediction"]["gradients"]),
                IsSupersetOf({"log_scale", "E", "Y", "covariance", "overlap", "random", "orthogonal"}));
  }
  EXPECT_THAT(shell.run("initlaw simulate --width 30 --depth 9 --samples 100 --gradients").out,
              HasSubstr("gradient of one output f, random direction"));
  EXPECT_THAT(shell.run("initlaw predict --width 30 --depth 9 --gradients").out, HasSubstr("orthogonal direction"));
}

// Without residual branches gradients do not grow at random; all else is told, and why there is no law.
TEST(Command, TellsWhyGradientsHaveNoLawAndAllElse) {
  const Shell shell;
  const std::string network = " --width 30 --depth 9 --alpha 1 --lambda 0 --gradients";
  for (const std::string& command : {"initlaw predict" + network, "initlaw compare --samples 2000" + network}) {
    const Outcome text = shell.run(command);
    ASSERT_EQ(text.status, 0) << text.err;
    EXPECT_THAT(text.out, AllOf(HasSubstr("log-Gaussian"), HasSubstr("Gradients have no law in the limit: lambda: ")));
    const Json answer = Json::parse(shell.run(command + " --json -").out);
    const Json& prediction = answer.contains("prediction") ? answer["prediction"] : answer;
    EXPECT_THAT(prediction["gradients"]["no_law"].get<std::string>(), HasSubstr("lambda: is 0"));
    EXPECT_TRUE(prediction.contains("log_gaussian"));
    if (!answer.contains("prediction")) continue;
    EXPECT_THAT(text.out, HasSubstr("gradient of one output f, random direction"));
    EXPECT_TRUE(answer["simulation"]["gradients"].contains("log_growth"));
    EXPECT_FALSE(answer["fit"].contains("gradients"));
  }
}

TEST(Command, NtkWritesTheContractsKeys) {
  const Shell shell;
  const std::string command = "initlaw ntk --width 30 --depth 9 --samples 2e4";
  const Json answer = Json::parse(shell.run(command + " --json -").out);
  EXPECT_EQ(answer["infinite_width"]["ntk_share"].size(), 11);
  EXPECT_EQ(answer["gradients"]["layers"].size(), 10);
  EXPECT_THAT(shell.run(command).out, HasSubstr("share of Theta"));
  const Outcome dying = shell.run("initlaw ntk --family fully-connected --width 1 --depth 60 --samples 100");
  EXPECT_EQ(dying.status, 0);
  EXPECT_THAT(dying.out, HasSubstr("No network has a gradient."));
}

TEST(Command, NtkOfRowsWritesTheContractsKeys) {
  const Shell shell;
  shell.write("rows.csv", "1,2\n3,4\n0,0\n");
  const std::string command = "initlaw ntk --width 20 --depth 3 --input rows.csv --rows 0-2 --samples 200";
  const Json answer = Json::parse(shell.run(command + " --json -").out);
  EXPECT_THAT(keys(answer), IsSupersetOf({"initlaw", "network", "samples", "complete", "seed", "inputs", "pairs"}));
  ASSERT_EQ(answer["inputs"].size(), 3);
  EXPECT_EQ(answer["inputs"][2]["infinite_width"]["log_ntk"], nullptr);
  ASSERT_EQ(answer["pairs"].size(), 6);
  const Json& pair = answer["pairs"][1];
  EXPECT_EQ(pair["i"], 0);
  EXPECT_EQ(pair["j"], 1);
  EXPECT_THAT(keys(pair), IsSupersetOf({"ntk", "spread", "relative", "cosine", "infinite_width"}));
  // Of the same numbers in other units.
  const double unit = pair["ntk"]["value"].get<double>() / pair["relative"]["mean"]["value"].get<double>();
  EXPECT_NEAR(pair["infinite_width"]["ntk"].get<double>() / pair["infinite_width"]["cosine"].get<double>(), unit, 1e-9);
  EXPECT_EQ(answer["pairs"][5]["ntk"]["value"], 0);
  const std::string text = shell.run(command).out;
  EXPECT_THAT(text, HasSubstr("ln Theta"));
  EXPECT_THAT(text, HasSubstr("\n0, 2"));
}

TEST(Command, RefusesRowsThatAreNone) {
  const Shell shell;
  const std::string file = fmt::format("--input {}/digits.csv.gz", INITLAW_DATA_DIR);
  for (const std::string& wrong : {std::string("--rows 0"), file + " --rows 3-1", file + " --rows 9999",
                                   file + " --rows x", file + " --rows 1 --row 2", file}) {
    for (const char* command : {"angles", "ntk"}) {
      if (wrong == file && command == std::string("ntk")) continue;  // the first row's diagonal
      const Outcome outcome = shell.run(fmt::format("initlaw {} --width 20 --depth 3 {}", command, wrong));
      EXPECT_EQ(outcome.status, 2) << wrong;
      EXPECT_THAT(outcome.err, HasSubstr("row")) << wrong;
    }
  }
}

TEST(Command, CompareWritesTheContractsKeys) {
  const Shell shell;
  const Outcome outcome = shell.run("initlaw compare --width 10 --depth 3 --samples 1000 --json answer.json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Kolmogorov-Smirnov"));
  const Json document = Json::parse(shell.read("answer.json"));
  const Json& simulation = document["simulation"];
  EXPECT_THAT(keys(simulation),
              IsSupersetOf({"network", "samples", "dead", "seed", "G", "log_output_norm2", "second_moment", "layers"}));
  EXPECT_THAT(keys(simulation["layers"][2]),
              IsSupersetOf({"hypoactivation", "active_fraction", "log_norm2_mean", "log_norm2_variance"}));
  EXPECT_THAT(keys(simulation["G"]["mean"]), IsSupersetOf({"value", "std_error"}));
  for (const char* law : {"log_gaussian", "gaussian"}) {
    EXPECT_THAT(keys(document["fit"][law]), IsSupersetOf({"ks", "wasserstein1", "mean_z", "variance_ratio"}));
  }
}

TEST(Command, ReadsTheNetworkFromAFile) {
  const Shell shell;
  const Network network = vanilla({.width = 12, .depth = 3, .alpha = std::vector{0.5, 0.6, 0.7}, .lambda = 0.8});
  shell.write("net.toml", to_toml(network));
  const Outcome outcome = shell.run("initlaw simulate --network net.toml --samples 100 --json -");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(network_from_json(Json::parse(outcome.out)["network"].dump()), network);
}

TEST(Command, TakesTheLengthOfTheInputFromItsFile) {
  const Shell shell;
  shell.write("x.csv", "a,b,c\n1,2,3\n4,5,6\n");
  const Outcome outcome = shell.run("initlaw predict --width 9 --depth 2 --input x.csv --row 1 --json -");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json document = Json::parse(outcome.out);
  EXPECT_EQ(document["network"]["inputs"], 3);
  EXPECT_DOUBLE_EQ(document["input"]["log_mean_square"], std::log(77.0 / 3));
}

TEST(Command, WritesTheSameBytesForAnyNumberOfThreads) {
  const Shell shell;
  const std::string command = "initlaw simulate --width 20 --depth 10 --samples 20000 --seed 7 --json - --threads ";
  const std::string one = shell.run(command + "1").out;
  EXPECT_FALSE(one.empty());
  EXPECT_EQ(one, shell.run(command + "2").out);
  EXPECT_EQ(one, shell.run(command + "16").out);
}

TEST(Command, ReportsAFullDiskAndLeavesNothingBehind) {
  const Shell shell;
  const std::string command = "initlaw predict --width 10 --depth 3";
  const Outcome json = shell.run(command + " --json /dev/full");
  EXPECT_EQ(json.status, 1);
  EXPECT_THAT(json.err, HasSubstr("/dev/full"));
  const Outcome text = shell.run(command + " > /dev/full");
  EXPECT_EQ(text.status, 1);
  EXPECT_THAT(text.err, HasSubstr("standard output"));
}

TEST(Command, ReplacesAnAnswerOnlyByAWholeOne) {
  const Shell shell;
  shell.write("answer.json", "old");
  EXPECT_EQ(shell.run("initlaw simulate --width 10 --depth 3 --samples 0 --json answer.json").status, 2);
  EXPECT_EQ(shell.read("answer.json"), "old");
  EXPECT_EQ(shell.run("initlaw predict --width 10 --depth 3 --json answer.json").status, 0);
  EXPECT_TRUE(Json::accept(shell.read("answer.json")));
  EXPECT_THAT(shell.run("ls").out, "answer.json\n");
}

TEST(Command, LeavesNothingBehindWhereAFileGrowsTooLarge) {
  const Shell shell;
  const Outcome outcome = shell.run("ulimit -f 1; initlaw predict --width 10 --depth 30 --json answer.json");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("answer.json: could not be written"));
  EXPECT_EQ(shell.run("ls").out, "");
}

TEST(Command, WritesThroughALinkAndKeepsPermissions) {
  const Shell shell;
  shell.write("target.json", "old");
  shell.run("chmod 640 target.json; ln -s target.json link.json");
  EXPECT_EQ(shell.run("initlaw predict --width 10 --depth 3 --json link.json").status, 0);
  EXPECT_TRUE(Json::accept(shell.read("target.json")));
  EXPECT_EQ(shell.run("stat -c '%a' target.json; test -L link.json && echo link").out, "640\nlink\n");
}

TEST(Command, KeepsTextOutOfTheFileWhereStandardOutputIsClosed) {
  const Shell shell;
  EXPECT_EQ(shell.run("initlaw predict --width 10 --depth 3 --json answer.json >&-").status, 1);
  EXPECT_TRUE(Json::accept(shell.read("answer.json")));
}

TEST(Command, ReportsThatHelpCouldNotBePrinted) {
  EXPECT_EQ(Shell().run("initlaw --help > /dev/full").status, 1);
  EXPECT_EQ(Shell().run("initlaw predict --width 10 --depth 3 > /dev/full").status, 1);
}

TEST(Command, ReadsSignedNumbers) {
  EXPECT_EQ(Shell().run("initlaw predict --width 10 --depth 3 --alpha +0.5 --lambda=-0.5").status, 0);
}

TEST(Command, EndsCleanlyWhenInterrupted) {
  const Shell shell;
  shell.write("rows.csv", "1,2\n3,4\n");
  for (const char* command :
       {"simulate --samples 1e12", "ntk --samples 1e12", "tail --samples 1e11",
        "angles --samples 1e12 --input rows.csv --rows 0-1", "ntk --samples 1e12 --input rows.csv --rows 0-1"}) {
    const Outcome outcome =
        shell.run(fmt::format("timeout --preserve-status -s INT 1 '{}' {} --width 50 --depth 50 --json answer.json",
                              INITLAW_COMMAND, command));
    EXPECT_EQ(outcome.status, 130) << command;
    EXPECT_THAT(outcome.err, HasSubstr("interrupted after")) << command;
    const Json document = Json::parse(shell.read("answer.json"));
    EXPECT_EQ(document["complete"], false) << command;
    EXPECT_GT(document["samples"], 0) << command;
    EXPECT_LT(document["samples"], 1e11) << command;
  }
}

TEST(Command, SaysThatAnAnswerIsComplete) {
  const Shell shell;
  shell.write("rows.csv", "1,2\n3,4\n");
  for (const char* command :
       {"simulate", "ntk", "tail", "angles --input rows.csv --rows 0-1", "ntk --input rows.csv --rows 0-1"}) {
    const Outcome outcome = shell.run(fmt::format("initlaw {} --width 5 --depth 3 --samples 4e4 --json -", command));
    EXPECT_EQ(Json::parse(outcome.out)["complete"], true) << command;
  }
}

}  // namespace
}  // namespace initlaw::testing
