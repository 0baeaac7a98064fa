#include "result/text.hpp"

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace initlaw {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Text, SaysWhichLimitHolds) {
  const Network network = vanilla({.width = 100, .depth = 50, .outputs = 10});
  const std::string text = to_text(compare(simulate(network, {.samples = 30'000}), predict(network, {})));
  EXPECT_THAT(text, HasSubstr("The log-Gaussian limit holds: no probability is off by more than 0.01"));
  EXPECT_THAT(text, HasSubstr("The Gaussian limit fails: some probability is off by 0."));
  EXPECT_THAT(text,
              HasSubstr("Network   vanilla, width 100, depth 50, alpha 0.7071, lambda 0.7071, 1 inputs, 10 outputs\n"));
}

TEST(Text, ShowsTheExactLawWhereThereIsOne) {
  EXPECT_THAT(to_text(predict(fully_connected({.width = 20, .depth = 3}), {})), HasSubstr("exact"));
  EXPECT_THAT(to_text(predict(vanilla({.width = 20, .depth = 3}), {})), Not(HasSubstr("exact")));
}

// Simulated figures have the digits that their errors leave.
TEST(Text, GivesALawsFiguresToFiveDigits) {
  const Prediction prediction = predict(vanilla({.width = 20, .depth = 3}), {});
  const Law& law = prediction.laws[0].law;
  for (const double figure : {law.mean(), law.variance(), law.quantile(0.01), law.quantile(0.99)}) {
    EXPECT_THAT(to_text(prediction), HasSubstr(fmt::format("{:.5g}", figure)));
  }
}

TEST(Text, ShowsEveryLaw) {
  const Network network = fully_connected({.width = 8, .depth = 3});
  const std::string compared = to_text(compare(simulate(network, {.samples = 2000}), predict(network, {})));
  const std::string tail = to_text(compare(tail_probability(network, {.threshold = 3, .samples = 40'000})));
  for (const auto& [kind, law] : laws(network)) {
    EXPECT_THAT(compared, HasSubstr("   " + std::string(kind.title))) << kind.key;
    EXPECT_THAT(compared, HasSubstr("\nThe " + std::string(kind.name))) << kind.key;
    EXPECT_THAT(tail, HasSubstr("\n  " + std::string(kind.name))) << kind.key;
  }
}

TEST(Text, SetsCovariancesOfOneLagBesideEachOther) {
  const Network network = vanilla({.width = 20, .depth = 10});
  const Ensemble ensemble = simulate(network, {.samples = 100, .lags = std::vector<std::size_t>{8, 3}});
  for (const std::string& text : {to_text(ensemble), to_text(compare(ensemble, predict(network, {})))}) {
    EXPECT_THAT(text, HasSubstr("  lag 8 "));
    EXPECT_THAT(text, HasSubstr("  lag 3 "));
    EXPECT_THAT(text, Not(HasSubstr("  lag 1 ")));
  }
  const std::string predicted = fmt::format("{:.5g}\n", mean_interlayer_covariance(network, 8));
  EXPECT_THAT(to_text(compare(ensemble, predict(network, {}))), ContainsRegex("  lag 8 .* " + predicted));
}

TEST(Text, NamesWhatIsUnusualAboutANetwork) {
  const Network network =
      vanilla({.width = 20, .depth = 2, .alpha = std::vector{1.0, 0.5}, .leak = 0.1, .branch_depth = 2}).with_flip(0.2);
  const std::string text = to_text(predict(network, {}));
  for (const char* part : {"alpha by layer", "leak 0.1", "branch depth 2", "flip 0.2"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(Text, SaysWhatTheInputsNormIsByDefault) {
  const auto heading = [](std::size_t inputs, const Input& input) {
    return to_text(predict(vanilla({.width = 20, .depth = 2, .inputs = inputs}), input));
  };
  EXPECT_THAT(heading(784, {}), HasSubstr("||x||^2/n_in = 0.0012755, as ||x|| is 1 by default\n"));
  EXPECT_THAT(heading(2, Input({1.0, 1.0})), HasSubstr("||x||^2/n_in = 1\n"));
  EXPECT_THAT(heading(1, {}), HasSubstr("||x||^2/n_in = 1\n"));
}

TEST(Text, SaysThatASimulationWasStopped) {
  const Network network = vanilla({.width = 50, .depth = 20});
  const Ensemble stopped = simulate(network, {.samples = 1'000'000}, {}, [](std::uint64_t) { return false; });
  EXPECT_THAT(to_text(stopped), HasSubstr("(interrupted; 1000000 were asked for)"));
}

}  // namespace
}  // namespace initlaw
