#include "initlaw/regime.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {
namespace {

using ::testing::ElementsAre;

std::vector<std::string_view> keys(const Regime& regime) {
  std::vector<std::string_view> keys;
  for (const Change& change : regime.changes) keys.push_back(change.key);
  return keys;
}

const Change& change(const Regime& regime, std::string_view key) {
  for (const Change& each : regime.changes) {
    if (each.key == key) return each;
  }
  throw std::out_of_range(std::string(key));
}

// H0: shares and quantiles are the law's, which holds to 0.0023 here. 5 standard errors besides.
TEST(Regime, SaysWhatNetworksDo) {
  const Network network = vanilla({.width = 100, .depth = 50});
  const Regime predicted = regime(network, {}, true);
  const Ensemble ensemble =
      simulate(network, {.samples = 50'000, .seed = 3, .gradients = OutputDirection::kOrthogonal});
  const double log_hundred = std::log(100.0);
  const auto share_beyond = [](const Histogram& histogram, double usual, double distance) {
    double beyond = 0;
    for (std::size_t i = 0; i < histogram.counts().size(); ++i) {
      const double x = histogram.low_edge(histogram.first_bin() + i);
      if (std::abs(x - usual) > distance) beyond += static_cast<double>(histogram.counts()[i]);
    }
    return beyond / static_cast<double>(histogram.count());
  };
  const double outputs = share_beyond(*ensemble.log_output_norm2_histogram, 0, log_hundred);
  EXPECT_NEAR(predicted.predicted.spread.beyond_ten, outputs, 0.0023 + 5 * std::sqrt(outputs / 50'000));
  const double gradients = share_beyond(ensemble.gradients->growth_histogram, 0, log_hundred);
  EXPECT_NEAR(predicted.gradient_beyond_ten->orthogonal, gradients, 0.003 + 5 * std::sqrt(gradients / 50'000));
  const Histogram& squares = *ensemble.log_output_square_histogram;
  const double decades = (squares.quantile(0.95).value - squares.quantile(0.05).value) / log_hundred;
  EXPECT_NEAR(predicted.predicted.spread.decades, decades, 0.03);
  const Estimate variance = ensemble.growth.variance();
  EXPECT_NEAR(std::pow(predicted.kernel_deviation, 2), variance.value, 0.02 + 5 * variance.std_error);
  EXPECT_NEAR(predicted.predicted.spread.ks_to_gaussian, kolmogorov_smirnov(ensemble, infinite_width(network)).value,
              0.01);
}

TEST(Regime, IsGaussianAtInfiniteWidth) {
  const Regime wide = regime(vanilla({.width = 1'000'000, .depth = 3}));
  EXPECT_NEAR(wide.predicted.spread.beyond_ten, std::erf(0.1 / std::sqrt(2.0)), 1e-4);
  EXPECT_NEAR(wide.predicted.spread.variance, wide.at_infinite_width.variance, 1e-4);
  EXPECT_EQ(wide.gaussian_process_theory(), Verdict::kHolds);
  EXPECT_EQ(wide.tangent_kernel_theory(), Verdict::kHolds);
  EXPECT_EQ(wide.at_infinite_width.ks_to_gaussian, 0);
}

TEST(Regime, KnowsHowManyNetworksDie) {
  // A layer of three neurons is dead as rarely as three coins show tails.
  EXPECT_NEAR(regime(fully_connected({.width = 3, .depth = 4})).dead_probability, 1 - std::pow(1 - std::pow(0.5, 3), 4),
              1e-12);
  EXPECT_EQ(regime(vanilla({.width = 30, .depth = 4})).dead_probability, 0);
}

// The exact law's tails end in rounding errors of either sign.
TEST(Regime, HasNoNegativeRisks) {
  for (const double lambda : {1e-9, 1e-3, 1.0}) {
    for (const FormatRisk& risk : regime(vanilla({.width = 64, .depth = 10, .alpha = 0, .lambda = lambda})).risks) {
      EXPECT_FALSE(std::signbit(risk.overflow)) << lambda << ", " << risk.format.name;
      EXPECT_FALSE(std::signbit(risk.underflow)) << lambda << ", " << risk.format.name;
    }
  }
}

TEST(Regime, KnowsWhatFormatsHold) {
  const Regime large = regime(vanilla({.width = 50, .depth = 50, .alpha = 1.2, .lambda = 1}));
  ASSERT_EQ(large.risks[0].format.name, "fp16");
  EXPECT_NEAR(
      large.risks[0].overflow,
      infinite_width(vanilla({.width = 50, .depth = 50, .alpha = 1.2, .lambda = 1})).output().survival(65504) * 2, 0.5);
  EXPECT_GT(large.risks[0].overflow, large.risks[1].overflow);
  const Regime small = regime(vanilla({.width = 50, .depth = 20, .alpha = 0.5, .lambda = 0.2}));
  EXPECT_GT(small.risks[0].underflow, 0.1);
  EXPECT_LT(small.risks[1].underflow, 1e-9);
  EXPECT_EQ(kNumberFormats[1].largest, 3.3895313892515355e38);
  EXPECT_EQ(kNumberFormats[0].smallest, 6.103515625e-05);
}

TEST(Regime, PredictsEachChange) {
  const Network network = vanilla({.width = 64, .depth = 20, .outputs = 10});
  const Regime found = regime(network);
  const auto expect_change = [&](std::string_view key, const Network& changed) {
    const Change& made = change(found, key);
    EXPECT_EQ(made.network, changed) << key;
    EXPECT_EQ(made.predicted.spread.variance, regime(changed).predicted.spread.variance) << key;
    EXPECT_EQ(made.predicted.spread.ks_to_gaussian, regime(changed).predicted.spread.ks_to_gaussian) << key;
    EXPECT_LT(made.predicted.spread.variance, found.predicted.spread.variance) << key;
  };
  expect_change("balanced", network.with_flip(0.5));
  expect_change("lambda_halved", vanilla({.width = 64, .depth = 20, .lambda = kStandardScale / 2, .outputs = 10}));
  expect_change("width_doubled", vanilla({.width = 128, .depth = 20, .outputs = 10}));
}

TEST(Regime, ProposesNothingThatIsMadeOrImpossible) {
  EXPECT_THAT(keys(regime(fully_connected({.width = std::vector<std::size_t>{3, 4, 5}, .depth = 2}))),
              ElementsAre("pre_norm", "width_doubled"));
  for (const Network& network :
       {balanced({.width = 20, .depth = 3}), stable({.width = 20, .depth = 3}).with_flip(0.5)}) {
    for (const Change& each : regime(network).changes) EXPECT_NE(each.key, "balanced");
  }
  const Network scheduled = vanilla({.width = 9, .depth = 2, .lambda = std::vector{1.0, 0.5}});
  EXPECT_EQ(change(regime(scheduled), "lambda_halved").network.lambdas(), Schedule(std::vector{0.5, 0.25}));
  EXPECT_NEAR(regime(fully_connected({.width = std::vector<std::size_t>{3, 4, 5}, .depth = 2})).depth_over_width,
              1 / 4.0 + 1 / 5.0, 1e-15);
}

TEST(Regime, HasNoGradientsThatHaveNoLaw) {
  EXPECT_FALSE(regime(vanilla({.width = 9, .depth = 2, .lambda = 0}), {}, true).gradient_beyond_ten);
  EXPECT_FALSE(regime(vanilla({.width = 9, .depth = 2})).gradient_beyond_ten);
}

TEST(Regime, JudgesTheoryByItsThresholds) {
  Regime found = regime(vanilla({.width = 20, .depth = 3}));
  const auto by_distance = [&](double ks) {
    found.predicted.spread.ks_to_gaussian = ks;
    return found.gaussian_process_theory();
  };
  EXPECT_EQ(by_distance(std::nextafter(0.05, 0)), Verdict::kHolds);
  EXPECT_EQ(by_distance(0.05), Verdict::kRough);
  EXPECT_EQ(by_distance(std::nextafter(0.15, 0)), Verdict::kRough);
  EXPECT_EQ(by_distance(0.15), Verdict::kFails);
  const auto by_kernel = [&](double deviation) {
    found.kernel_deviation = deviation;
    return found.tangent_kernel_theory();
  };
  EXPECT_EQ(by_kernel(0.0999), Verdict::kHolds);
  EXPECT_EQ(by_kernel(0.1001), Verdict::kRough);
  EXPECT_EQ(by_kernel(0.4999), Verdict::kRough);
  EXPECT_EQ(by_kernel(0.5001), Verdict::kFails);
}

Network pre_normalized(std::size_t depth) {
  return vanilla(
      {.width = 100, .depth = depth, .alpha = 1, .lambda = 0.5, .architecture = {.norm = Normalization::kPre}});
}

// What the whole tool is to tell: without normalization the log-norm spreads like d/n, with it by O(1/n).
TEST(Regime, OfNormalizedNetworksIsGaussianAtEveryDepth) {
  const Network plain = vanilla({.width = 100, .depth = 60, .alpha = 1, .lambda = 0.5});
  const Regime spread = regime(plain);
  const Change& made = change(spread, "pre_norm");
  EXPECT_EQ(made.network, pre_normalized(60));
  EXPECT_EQ(made.predicted.accuracy, LawAccuracy::kFirstOrder);
  EXPECT_FALSE(made.predicted.law_error);
  EXPECT_LT(made.predicted.spread.ks_to_gaussian, 0.02);
  EXPECT_GT(spread.predicted.spread.ks_to_gaussian, 0.1);
  const Regime found = regime(pre_normalized(60));
  EXPECT_EQ(found.gaussian_process_theory(), Verdict::kHolds);
  EXPECT_LT(std::abs(found.kernel_deviation - regime(pre_normalized(30)).kernel_deviation), 0.03);
  for (const Change& each : found.changes) EXPECT_NE(each.key, "pre_norm");
}

TEST(Regime, LinearFirstBranchesAreProposedToThoseThatAreNot) {
  const Network plain = vanilla({.width = 64, .depth = 10});
  const Network made = change(regime(plain), "linear_first").network;
  EXPECT_EQ(made, plain.with_architecture({.branch = Branch::kLinearFirst}));
  for (const Change& each : regime(made).changes) EXPECT_NE(each.key, "linear_first");
}

TEST(Regime, OfAFinalNormIsExactlyGaussian) {
  const Regime found = regime(pre_normalized(20).with_architecture({.norm = Normalization::kFinal}));
  EXPECT_EQ(found.predicted.law, "gaussian");
  EXPECT_EQ(found.predicted.law_error, 0);
  EXPECT_EQ(found.predicted.spread.ks_to_gaussian, 0);
  EXPECT_GT(found.kernel_deviation, 0.1);
  for (const Change& each : found.changes) EXPECT_NE(each.key, "pre_norm");
}

// The tangent kernel's logarithm deviates by 0.8 to 0.9 times as much, which no law says: the measurement behind
// tangent_kernel_theory.
TEST(Regime, KernelDeviatesAboutAsTheTangentKernelDoes) {
  for (const Network& network : {vanilla({.width = 100, .depth = 20}), balanced({.width = 50, .depth = 20}),
                                 fully_connected({.width = 100, .depth = 20})}) {
    const Ensemble ensemble = simulate(network, {.samples = 5000, .gradients = OutputDirection::kRandom});
    const double tangent = std::sqrt(ensemble.gradients->log_ntk.variance().value);
    EXPECT_GT(tangent, 0.75 * regime(network).kernel_deviation);
    EXPECT_LT(tangent, 0.95 * regime(network).kernel_deviation);
  }
}

}  // namespace
}  // namespace initlaw
