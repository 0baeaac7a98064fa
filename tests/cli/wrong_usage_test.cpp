#include <fmt/core.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <ostream>

#include "cli/shell.hpp"
#include "support/name_of.hpp"

namespace initlaw::testing {
namespace {

using ::testing::HasSubstr;

/// A wrong command line, after `initlaw`, and what the message must name.
struct Wrong {
  const char* name;
  const char* arguments;
  std::vector<const char*> named;
};

std::ostream& operator<<(std::ostream& out, const Wrong& wrong) { return out << wrong.arguments; }

class WrongUsage : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongUsage, IsRefusedInOneLineWithStatusTwo) {
  const Shell shell;
  shell.write("empty.csv", "");
  shell.write("ragged.csv", "1,2\n3\n");
  shell.write("words.csv", "1,2\n3,four\n");
  shell.write("zero.csv", "0,0\n");
  shell.write("corrupt.csv.gz", "\x1f\x8b\x08 not gzip at all");
  shell.write("good.csv", "1,2,3\n");
  shell.write("unknown_key.toml", "family = 'vanilla'\nwidth = 10\ndepth = 5\nheight = 3\n");
  shell.write("wrong_type.toml", "family = 'vanilla'\nwidth = 'ten'\ndepth = 5\n");
  shell.write("short_schedule.toml", "family = 'vanilla'\nwidth = 10\ndepth = 5\nalpha = [1.0, 0.5]\n");
  shell.write("not.toml", "family = \n");
  shell.write("empty.toml", "");
  shell.write("good.toml", "family = 'vanilla'\nwidth = 10\ndepth = 5\n");

  shell.run("ln -s good.csv link.csv; ln good.csv hard.csv; mkdir folder; cp good.csv folder");
  const std::string before = shell.run("tail -n +1 good.* folder/*; ls folder").out;

  const Outcome outcome = shell.run(fmt::format("initlaw {}", GetParam().arguments));

  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  for (const char* named : GetParam().named) EXPECT_THAT(outcome.err, HasSubstr(named));
  EXPECT_EQ(shell.run("tail -n +1 good.* folder/*; ls folder").out, before);
}

#define NET "--width 10 --depth 5 "

INSTANTIATE_TEST_SUITE_P(
    CommandLine, WrongUsage,
    ::testing::Values(
        Wrong{"NoCommand", "", {"command", "compare"}}, Wrong{"UnknownCommand", "foretell", {"foretell", "compare"}},
        Wrong{"UnknownOption", "predict " NET "--hight 3", {"--hight"}},
        Wrong{"NoWidth", "predict --depth 5", {"width"}},
        Wrong{"GradientsOfNoDirection", "simulate " NET "--gradients up", {"gradients", "up", "random"}},
        Wrong{"GradientsOrthogonalToOneNeuron",
              "simulate --width 1 --depth 2 --gradients orthogonal",
              {"gradients", "orthogonal"}},
        Wrong{"GradientsTooLarge", "simulate --width 100000 --depth 1000000 --gradients", {"100000", "GB of memory"}},
        Wrong{"NoDepth", "predict --width 5", {"depth"}},
        Wrong{"WidthZero", "predict --width 0 --depth 5", {"width", "0"}},
        Wrong{"WidthNegative", "predict --width -3 --depth 5", {"width", "-3"}},
        Wrong{"WidthNoNumber", "predict --width ten --depth 5", {"width", "ten"}},
        Wrong{"WidthBroken", "predict --width 2.5 --depth 5", {"width", "2.5"}},
        Wrong{"WidthAbsurd", "simulate --width 1e15 --depth 5", {"width", "B of memory"}},
        Wrong{"WidthBeyondMemory", "simulate --width 1e11 --depth 5", {"width", "B of memory"}},
        Wrong{"DepthBeyondMemory", "simulate --width 5 --depth 1e11", {"depth", "B of memory"}},
        Wrong{"DepthBeyondMemoryToPredict", "predict --width 5 --depth 1e11", {"depth", "B of memory"}},
        Wrong{"WidthBeyondIntegers", "predict --width 1e30 --depth 5", {"width", "1e30"}},
        Wrong{"DepthZero", "predict --width 5 --depth 0", {"depth", "0"}},
        Wrong{"DepthNegative", "predict --width 5 --depth=-1", {"depth", "-1"}},
        Wrong{"DepthAbsurd", "simulate --width 5 --depth 1e15", {"depth", "B of memory"}},
        Wrong{"DepthAbsurdToPredict", "predict --width 5 --depth 1e15", {"depth", "B of memory"}},
        Wrong{"OutputsZero", "predict " NET "--outputs 0", {"outputs", "0"}},
        Wrong{"SamplesZero", "simulate " NET "--samples 0", {"samples", "0"}},
        Wrong{"SamplesNegative", "simulate " NET "--samples -5", {"samples", "-5"}},
        Wrong{"SamplesAbsurd", "simulate " NET "--samples 1e18", {"samples"}},
        Wrong{"ThreadsAbsurd", "simulate " NET "--threads 1000000", {"threads"}},
        Wrong{"AlphaEmpty", "predict " NET "--alpha ''", {"--alpha", "empty"}},
        Wrong{"JsonEmpty", "predict " NET "--json ''", {"--json", "empty"}},
        Wrong{"SamplesEmpty", "simulate " NET "--samples ''", {"--samples", "empty"}},
        Wrong{"GradientsEmpty", "simulate " NET "--gradients ''", {"--gradients", "random"}},
        Wrong{"NoAction", "study", {"see initlaw study --help"}},
        Wrong{"NoStudy", "study run", {"file", "see initlaw study run --help"}},
        Wrong{"SeedNegative", "simulate " NET "--seed -1", {"seed", "-1"}}),
    support::name_of);

INSTANTIATE_TEST_SUITE_P(
    Values, WrongUsage,
    ::testing::Values(Wrong{"AlphaNaN", "predict " NET "--alpha nan", {"alpha", "nan"}},
                      Wrong{"AlphaInfinite", "predict " NET "--alpha inf", {"alpha", "inf"}},
                      Wrong{"LambdaInfinite", "predict " NET "--lambda=-inf", {"lambda", "inf"}},
                      Wrong{"NoSignal", "predict " NET "--alpha 0 --lambda 0", {"alpha", "lambda"}},
                      Wrong{"LeakTooLarge", "predict " NET "--leak 1.5", {"leak", "1.5", "[-1, 1]"}},
                      Wrong{"LeakTooSmall", "predict " NET "--leak=-1.01", {"leak", "-1.01"}},
                      Wrong{"LeakNaN", "predict " NET "--leak nan", {"leak", "nan"}},
                      Wrong{"FlipTooLarge", "predict " NET "--flip 1.1", {"flip", "1.1", "[0, 1]"}},
                      Wrong{"FlipNegative", "predict " NET "--flip=-0.1", {"flip", "-0.1"}},
                      Wrong{"BranchDepthZero", "predict " NET "--branch-depth 0", {"branch_depth", "0"}},
                      Wrong{"FamilyUnknown", "predict " NET "--family convolutional", {"convolutional", "balanced"}},
                      Wrong{"FamilyOfOtherBytes", "predict " NET "--family \xff", {"family", "balanced"}},
                      Wrong{"PrecisionUnknown", "simulate " NET "--precision half", {"half", "float"}},
                      Wrong{"MethodUnknown", "simulate " NET "--method magic", {"magic", "dense"}}),
    support::name_of);

INSTANTIATE_TEST_SUITE_P(
    Contradictions, WrongUsage,
    ::testing::Values(
        Wrong{"NetworkAndWidth", "predict --network good.toml --width 5", {"--width", "--network"}},
        Wrong{"RowWithoutInput", "predict " NET "--row 3", {"--row", "--input"}},
        Wrong{"MethodOfRows", "ntk " NET "--input good.csv --rows 0 --method dense", {"--method", "--rows"}},
        Wrong{"EstimatorOfRows", "ntk " NET "--input good.csv --rows 0 --estimator plain", {"--estimator"}},
        Wrong{"OrthogonalOfRows",
              "ntk " NET "--input good.csv --rows 0 --gradients orthogonal",
              {"--gradients orthogonal", "--rows"}},
        Wrong{"AlphaOfFullyConnected", "predict " NET "--family fully-connected --alpha 0.5", {"alpha"}},
        Wrong{"FlipOfBalanced", "predict " NET "--family balanced --flip 0.1", {"flip"}},
        Wrong{"AlphaOfStable", "predict " NET "--family stable --alpha 0.5", {"alpha"}},
        Wrong{"InputsUnlikeTheInput", "predict " NET "--inputs 7 --input good.csv", {"inputs", "7", "3"}}),
    support::name_of);

INSTANTIATE_TEST_SUITE_P(
    SameFile, WrongUsage,
    ::testing::Values(
        Wrong{"Input", "predict " NET "--input good.csv --json good.csv", {"good.csv", "input"}},
        Wrong{"InputOtherwise", "simulate " NET "--input good.csv --json folder/../good.csv", {"good.csv", "input"}},
        Wrong{"InputLinked", "ntk " NET "--input good.csv --json link.csv", {"link.csv", "input"}},
        Wrong{"LinkOfInput", "angles " NET "--input link.csv --rows 0 --json good.csv", {"good.csv", "input"}},
        Wrong{"InputHardLinked", "tail " NET "--input good.csv --json hard.csv", {"hard.csv", "input"}},
        Wrong{"InputAsReport", "compare " NET "--input good.csv --report good.csv", {"good.csv", "input"}},
        Wrong{"NetworkFile", "predict --network good.toml --json good.toml", {"good.toml", "input"}},
        Wrong{"TwoOutputs", "compare " NET "--json new --report ./new", {"new", "output"}},
        Wrong{"TwoStandardOutputs", "compare " NET "--json - --report -", {"-", "output"}},
        Wrong{"ReproductionsInput", "reproduce --input good.csv --json good.csv", {"good.csv", "input"}},
        Wrong{"ReproductionsFolder", "reproduce --input folder/good.csv --out folder", {"folder", "good.csv"}},
        Wrong{"ReproductionsReport", "reproduce --out new --json new/report.html", {"new/report.html", "output"}},
        Wrong{"Study", "study export good.toml --json good.toml", {"good.toml", "input"}},
        Wrong{"StudysJournal", "study export good --json good.toml --csv good-wal", {"good-wal", "input"}},
        Wrong{"StudysOutputs", "study export good.toml --json new --csv new", {"new", "output"}},
        Wrong{"StudysToml", "study run good.toml --out good.toml", {"good.toml", "input"}}),
    support::name_of);

INSTANTIATE_TEST_SUITE_P(
    Studies, WrongUsage,
    ::testing::Values(Wrong{"Folder", "study run .", {".: "}},
                      Wrong{"OutEmpty", "study run good.toml --out ''", {"--out", "empty"}},
                      Wrong{"FileEmpty", "study show ''", {"file", "empty"}},
                      Wrong{"PicturesEmpty", "study plot good.toml --out ''", {"--out", "empty"}},
                      Wrong{"ThreadsZero", "study run good.toml --threads 0", {"--threads", "0"}},
                      Wrong{"StdErrorInfinite", "study extend good.toml --std-error inf", {"--std-error", "inf"}},
                      Wrong{"NetworkIsFolder", "predict --network .", {".: "}}),
    support::name_of);

INSTANTIATE_TEST_SUITE_P(
    Files, WrongUsage,
    ::testing::Values(
        Wrong{"InputMissing", "predict " NET "--input nowhere.csv", {"nowhere.csv"}},
        Wrong{"InputIsFolder", "predict " NET "--input .", {"."}},
        Wrong{"InputEmpty", "predict " NET "--input empty.csv", {"empty.csv"}},
        Wrong{"InputRagged", "predict " NET "--input ragged.csv", {"ragged.csv", "line 2"}},
        Wrong{"InputOfWords", "predict " NET "--input words.csv", {"words.csv", "line 2", "four"}},
        Wrong{"InputAllZero", "predict " NET "--input zero.csv", {"zero.csv", "0"}},
        Wrong{"InputCorrupt", "predict " NET "--input corrupt.csv.gz", {"corrupt.csv.gz"}},
        Wrong{"RowOutOfRange", "predict " NET "--input good.csv --row 1", {"good.csv", "row"}},
        Wrong{"NetworkMissing", "predict --network nowhere.toml", {"nowhere.toml"}},
        Wrong{"NetworkUnknownKey", "predict --network unknown_key.toml", {"unknown_key.toml", "height"}},
        Wrong{"NetworkWrongType", "predict --network wrong_type.toml", {"wrong_type.toml", "width"}},
        Wrong{"NetworkShortSchedule", "predict --network short_schedule.toml", {"short_schedule.toml", "alpha", "5"}},
        Wrong{"NetworkEmpty", "predict --network empty.toml", {"empty.toml", "family", "missing"}},
        Wrong{"NetworkNoToml", "predict --network not.toml", {"not.toml", "line 1"}},
        Wrong{"ReportUnwritable", "compare " NET "--report nowhere/report.html", {"nowhere/report.html"}},
        Wrong{"ReportFolderIsAFile", "reproduce --out good.csv", {"good.csv"}},
        Wrong{"ReportInputMissing", "reproduce --input nowhere.csv", {"nowhere.csv"}},
        Wrong{"ReportSeed", "reproduce --seed -1", {"--seed", "-1"}},
        Wrong{"ReportOfOneNetwork", "reproduce --width 10", {"--width"}},
        Wrong{"OutputUnwritable", "simulate " NET "--json nowhere/answer.json", {"nowhere/answer.json"}}),
    support::name_of);

#define DESIGN "design --width 10 --depth 5 --find lambda "

INSTANTIATE_TEST_SUITE_P(
    Designs, WrongUsage,
    ::testing::Values(
        Wrong{"FindNothing", "design " NET "--variance 6", {"--find", "see initlaw design --help"}},
        Wrong{"FindUnknown", "design " NET "--find height --variance 6", {"--find", "height", "width, depth"}},
        Wrong{"FindWhatIsGiven", "design " NET "--find width --variance 6", {"--width", "--find width"}},
        Wrong{"FindWithoutTarget", DESIGN, {"target", "--variance"}},
        Wrong{"TwoTargets", DESIGN "--variance 6 --ks-to-gaussian 0.1", {"--variance", "--ks-to-gaussian"}},
        Wrong{"OverflowWithoutRisk", DESIGN "--overflow 10", {"--overflow", "--risk"}},
        Wrong{"RiskWithoutLimit", DESIGN "--variance 6 --risk 0.1", {"--risk", "--variance"}},
        Wrong{"VarianceZero", DESIGN "--variance 0", {"variance", "0"}},
        Wrong{"VarianceNegative", DESIGN "--variance=-1", {"variance", "-1"}},
        Wrong{"VarianceNaN", DESIGN "--variance nan", {"variance", "nan"}},
        Wrong{"VarianceNoNumber", DESIGN "--variance small", {"--variance", "small"}},
        Wrong{"RiskOfOne", DESIGN "--overflow 10 --risk 1", {"risk", "1"}},
        Wrong{"LimitNegative", DESIGN "--underflow=-1 --risk 0.1", {"underflow", "-1"}},
        Wrong{"RatioOfOne", DESIGN "--quantile-ratio 1", {"quantile-ratio", "1"}},
        Wrong{"RangeReversed", DESIGN "--variance 6 --from 2 --to 1", {"from 2 to 1", "lambda"}},
        Wrong{"RangeOfHalves", "design --width 9 --find depth --variance 6 --to 2.5", {"2.5", "whole numbers"}},
        Wrong{"GradientWithoutDistance", DESIGN "--ks-to-gaussian 0.1 --gradients", {"ks-to-gaussian", "gradient"}},
        Wrong{"LambdaOfFullyConnected", DESIGN "--family fully-connected --variance 6", {"lambda", "fully-connected"}},
        Wrong{"AlphaOfAStableNetwork", "design " NET "--family stable --find alpha --variance 6", {"alpha", "stable"}},
        Wrong{"TooFewSamplesForATail",
              DESIGN "--overflow 10 --risk 1e-4 --verify --samples 100 --to 1",
              {"samples", "100"}}),
    support::name_of);

}  // namespace
}  // namespace initlaw::testing
