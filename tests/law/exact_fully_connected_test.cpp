#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "initlaw/limit.hpp"

namespace initlaw {
namespace {

void expect_same(const Law& a, const Law& b, double shift = 0) {
  EXPECT_NEAR(a.mean(), b.mean() + shift, 1e-12);
  EXPECT_NEAR(a.variance(), b.variance(), 1e-12);
  for (const double u : {-2.0, 0.0, 1.0}) {
    const double x = b.mean() + u * std::sqrt(b.variance());
    EXPECT_NEAR(a.cdf(x + shift), b.cdf(x), 1e-11) << u;
    EXPECT_NEAR(a.pdf(x + shift), b.pdf(x), 1e-11) << u;
  }
}

TEST(HasExactLaw, IsTrueWithoutSkipAndLeakAlone) {
  EXPECT_TRUE(has_exact_law(fully_connected({.width = 5, .depth = 4})));
  EXPECT_TRUE(has_exact_law(vanilla({.width = 5, .depth = 4, .alpha = 0.0})));
  EXPECT_TRUE(has_exact_law(balanced({.width = 5, .depth = 4, .alpha = 0.0, .branch_depth = 2})));
  EXPECT_FALSE(has_exact_law(fully_connected({.width = 5, .depth = 4, .leak = 0.1})));
  EXPECT_FALSE(has_exact_law(vanilla({.width = 5, .depth = 4})));
  EXPECT_FALSE(has_exact_law(vanilla({.width = 5, .depth = 2, .alpha = std::vector<double>{0, 1e-9}})));
  EXPECT_FALSE(has_exact_law(stable({.width = 5, .depth = 4})));
}

TEST(ExactFullyConnected, RefusesOtherNetworksAndSaysWhichItTakesAndWhatIsWrong) {
  const std::pair<Network, const char*> wrong[] = {
      {vanilla({.width = 5, .depth = 4}), "this one has a skip path"},
      {fully_connected({.width = 5, .depth = 4, .leak = 0.5}), "this one has leak 0.5"},
      {fully_connected({.width = 5, .depth = 4, .leak = 1e-100}), "this one has leak 1e-100"}};
  for (const auto& [network, what] : wrong) {
    EXPECT_THAT([&] { exact_fully_connected(network); },
                testing::ThrowsMessage<std::invalid_argument>(
                    testing::AllOf(testing::StartsWith("network: "), testing::HasSubstr("alpha = 0"),
                                   testing::HasSubstr("leak 0"), testing::EndsWith(what))));
  }
}

TEST(ExactFullyConnected, RefusesAnInputOfAnotherLength) {
  EXPECT_THROW(exact_fully_connected(fully_connected({.width = 5, .depth = 4, .inputs = 3}), Input({1, 2})),
               std::invalid_argument);
}

TEST(ExactFullyConnected, MovesWithTheInputAndTheScales) {
  const Law law = exact_fully_connected(fully_connected({.width = 6, .depth = 3, .outputs = 2}));
  expect_same(
      exact_fully_connected(fully_connected({.width = 6, .depth = 3, .inputs = 2, .outputs = 2}), Input({3, 4})), law,
      std::log(12.5));
  expect_same(exact_fully_connected(vanilla(
                  {.width = 6, .depth = 3, .alpha = 0.0, .lambda = std::vector<double>{2, -0.5, 3}, .outputs = 2})),
              law, std::log(9));
}

TEST(ExactFullyConnected, TakesABranchForAsManyLayers) {
  expect_same(exact_fully_connected(vanilla({.width = 6, .depth = 3, .alpha = 0.0, .lambda = 1.0, .branch_depth = 2})),
              exact_fully_connected(fully_connected({.width = 6, .depth = 6})));
}

TEST(ExactFullyConnected, DoesNotMindTheOrderOfHiddenWidths) {
  const auto of = [](std::vector<std::size_t> width) {
    return exact_fully_connected(fully_connected({.width = std::move(width), .depth = 3}));
  };
  expect_same(of({3, 8, 5, 4}), of({5, 3, 8, 4}));
  expect_same(of({6, 6, 6, 6}), exact_fully_connected(fully_connected({.width = 6, .depth = 3})));
}

TEST(ExactFullyConnected, AddsUpUnequalWidths) {
  // E z^4/(3 (E z^2)^2) gains 1 + 5/n_l from every hidden layer and 1 + 2/n_d from the last.
  const Law law = exact_fully_connected(fully_connected({.width = std::vector<std::size_t>{3, 8, 5, 4}, .depth = 3}));
  EXPECT_NEAR(law.log_kurtosis_ratio(), std::log((1 + 5.0 / 3) * (1 + 5.0 / 8) * (1 + 5.0 / 5) * (1 + 2.0 / 4)), 1e-13);
  EXPECT_NEAR(law.dead_probability(), 1 - (7.0 / 8) * (255.0 / 256) * (31.0 / 32), 1e-15);
  EXPECT_NEAR(law.log_second_moment(), 0, 1e-13);
}

TEST(ExactFullyConnected, CountsDeadNetworks) {
  for (const auto& [n, d] : {std::pair<std::size_t, std::size_t>{1, 1}, {3, 10}, {20, 100'000}}) {
    const Law law = exact_fully_connected(fully_connected({.width = n, .depth = d}));
    const double alive = std::exp(static_cast<double>(d) * std::log1p(-std::exp2(-static_cast<double>(n))));
    EXPECT_NEAR(law.dead_probability(), 1 - alive, 1e-12 * (1 - alive)) << n;
  }
  EXPECT_NEAR(exact_fully_connected(fully_connected({.width = 60, .depth = 4})).dead_probability(), 4 * std::exp2(-60),
              1e-12 * 4 * std::exp2(-60));
}

TEST(ExactFullyConnected, HasAnOutputOfUnboundedDensityWhereOneNeuronMayBeActive) {
  // Given one active neuron the norm is |g| for a normal g, and E 1/|g| diverges.
  const OutputLaw output = exact_fully_connected(fully_connected({.width = 5, .depth = 2})).output();
  EXPECT_EQ(output.pdf(0), std::numeric_limits<double>::infinity());
  EXPECT_GT(output.pdf(1e-6), output.pdf(1e-3));
  EXPECT_NEAR(output.cdf(1e-9), 0.5, 1e-6);
}

TEST(ExactFullyConnected, HasAContinuousOutputDensityInWideNets) {
  const OutputLaw output = exact_fully_connected(fully_connected({.width = 400, .depth = 100})).output();
  EXPECT_NEAR(output.pdf(1e-4), output.pdf(0), 1e-6);
  EXPECT_NEAR(output.cdf(1e-3) - 0.5, 1e-3 * output.pdf(0), 1e-6);
}

TEST(ExactFullyConnected, SamplesWhatItsDistributionFunctionSays) {
  const Law law =
      exact_fully_connected(fully_connected({.width = std::vector<std::size_t>{2, 40, 9}, .depth = 2, .outputs = 3}));
  auto draws = law.sample(10'000, 1);
  std::sort(draws.begin(), draws.end());
  double largest = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    largest = std::max(largest, std::abs(law.cdf(draws[i]) - (static_cast<double>(i) + 0.5) / 10'000));
  }
  EXPECT_LT(largest, 2.2252 / 100);  // exceeded with probability 1e-4
}

}  // namespace
}  // namespace initlaw
