#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "initlaw/limit.hpp"
#include "law/layer_sums.hpp"
#include "law/reference_networks.hpp"

namespace initlaw {
namespace {

/// A row of the table of check values in docs/theory.md: what a network with alpha^2 + lambda^2 = 1 has far from its
/// input. The slopes are per unit of d/n.
struct FarCheckValues {
  std::string name;
  Network network;
  double A;
  double h;
  double q;
  double mean_slope;
  double variance_slope;
};

constexpr std::size_t kFar = 400;
constexpr std::size_t kReferenceWidth = 10;

Network ten_wide(double alpha2, std::size_t depth, double leak = 0, std::size_t branch_depth = 1) {
  return vanilla({.width = kReferenceWidth,
                  .depth = depth,
                  .alpha = std::sqrt(alpha2),
                  .lambda = std::sqrt(1 - alpha2),
                  .leak = leak,
                  .branch_depth = branch_depth});
}

std::vector<FarCheckValues> far_check_values(std::size_t depth) {
  // b = (1 - a^2)/(1 + a^2) = 1/2.
  const double leak_of_half = std::sqrt(1.0 / 3);
  return {
      {"0", fully_connected({.width = kReferenceWidth, .depth = depth}), 5, 0, 0, -2.5, 5},
      {"0 as vanilla", ten_wide(0, depth), 5, 0, 0, -2.5, 5},
      {"0.3", ten_wide(0.3, depth), 3.29, -1.1690963134, -0.4924604174, -2.4633674194, 6.3951255705},
      {"0.5", ten_wide(0.5, depth), 2.25, -1.7177212681, -0.6700572956, -1.9838606340, 5.4424780429},
      {"0.5, Balanced", balanced({.width = kReferenceWidth, .depth = depth}), 2.25, 0, 0, -1.125, 2.25},
      {"0.5, b^2 = 1/4", ten_wide(0.5, depth, leak_of_half), 1.6875, -0.4294303170, -0.3350286478, -1.0584651585,
       2.4856195107},
      {"0.64, p = 0.1", ten_wide(0.64, depth).with_flip(0.1), 1.5696, -0.9822937106, -0.3128886520, -1.1384257358,
       2.8215988969},
      {"0.64, B = 2", ten_wide(0.64, depth, 0, 2), 2.2176, -2.0853637951, -0.7762061319, -1.8595309663, 4.9762906839},
      {"0.8", ten_wide(0.8, depth), 0.84, -2.4960423136, -0.8840445974, -0.9192084627, 2.6540300951},
  };
}

constexpr double kLastDigit = 0.51e-10;

TEST(LogGaussianGrowth, HasTheTheorysCheckValuesOfHypoactivation) {
  for (const auto& row : far_check_values(kFar)) {
    EXPECT_NEAR(hypoactivation(row.network).back(), row.h, kLastDigit) << row.name;
    EXPECT_NEAR((active_fraction(row.network).back() - 0.5) * 2 * kReferenceWidth, row.q, kLastDigit) << row.name;
  }
}

TEST(LogGaussianGrowth, HasTheTheorysCheckValuesOfTheSlopes) {
  const auto longer = far_check_values(kFar + 1);
  for (std::size_t i = 0; i < longer.size(); ++i) {
    const FarCheckValues row = far_check_values(kFar)[i];
    const LogNormGrowth G = log_gaussian_growth(row.network);
    const LogNormGrowth G_longer = log_gaussian_growth(longer[i].network);
    // One more layer adds slope/n. The printed digits are half a unit off at most; the differences lose four digits.
    EXPECT_NEAR((G_longer.mean - G.mean) * kReferenceWidth, row.mean_slope, kLastDigit + 1e-11) << row.name;
    EXPECT_NEAR((G_longer.variance - G.variance) * kReferenceWidth, row.variance_slope, kLastDigit + 1e-11) << row.name;
  }
}

TEST(LogGaussianGrowth, OfOneLayerIsTheInputLayersAndOneA) {
  for (const auto& row : far_check_values(1)) {
    const LogNormGrowth G = log_gaussian_growth(row.network);
    EXPECT_NEAR(G.variance, (2 + row.A) / kReferenceWidth, 1e-14) << row.name;
    EXPECT_NEAR(G.mean, -(1 + row.A / 2) / kReferenceWidth, 1e-14) << row.name;
  }
}

TEST(LogGaussianGrowth, EqualsItsDefiningSumsTo1e10InEveryFamily) {
  for (const auto& [name, network, mean, variance, layers] : growth_references()) {
    const LogNormGrowth G = log_gaussian_growth(network);
    EXPECT_NEAR(G.mean, mean, 1e-10 * std::abs(mean)) << name;
    EXPECT_NEAR(G.variance, variance, 1e-10 * variance) << name;
  }
}

TEST(LogGaussianGrowth, OfABalancedNetHasTheMeanThatKeepsTheSecondMoment) {
  for (const std::size_t branch_depth : {1, 2}) {
    for (const double leak : {0.0, 0.3, 1.0}) {
      const Network network =
          balanced({.width = 50, .depth = 80, .alpha = 0.6, .lambda = 0.8, .leak = leak, .branch_depth = branch_depth});
      const LogNormGrowth G = log_gaussian_growth(network);
      EXPECT_NEAR(G.mean, -G.variance / 2, 1e-13 * G.variance);
      EXPECT_NEAR(infinite_depth_and_width(network).second_moment(), 1, 1e-13);
    }
  }
}

TEST(LogGaussianGrowth, OfALinearNetIsThatOfRandomMatrixProducts) {
  // b = 0 leaves A = 2 t^2 + 4 a^2 t.
  const LogNormGrowth G =
      log_gaussian_growth(vanilla({.width = 50, .depth = 80, .alpha = 0.6, .lambda = 0.8, .leak = 1}));
  const double A = 2 * 0.64 * 0.64 + 4 * 0.36 * 0.64;
  EXPECT_NEAR(G.variance, (2 + 80 * A) / 50, 1e-13);
  EXPECT_NEAR(G.mean, -G.variance / 2, 1e-13);
}

TEST(LogGaussianGrowth, OfAScheduleWithOneValueEqualsTheConstant) {
  const std::size_t d = 300;
  const LogNormGrowth constant =
      log_gaussian_growth(vanilla({.width = 20, .depth = d, .alpha = 0.9, .lambda = 0.3, .leak = 0.1}));
  const LogNormGrowth schedule = log_gaussian_growth(
      vanilla({.width = 20, .depth = d, .alpha = periodic(d, {0.9}), .lambda = periodic(d, {0.3}), .leak = 0.1}));
  EXPECT_NEAR(schedule.mean, constant.mean, 1e-13 * std::abs(constant.mean));
  EXPECT_NEAR(schedule.variance, constant.variance, 1e-13 * constant.variance);
}

TEST(LogGaussianGrowth, DoesNotTellACertainFlipFromANegativeSkip) {
  const LogNormGrowth flipped =
      log_gaussian_growth(vanilla({.width = 20, .depth = 50, .alpha = 0.8, .lambda = 0.6}).with_flip(1));
  const LogNormGrowth negative = log_gaussian_growth(vanilla({.width = 20, .depth = 50, .alpha = -0.8, .lambda = 0.6}));
  EXPECT_NEAR(flipped.mean, negative.mean, 1e-14);
  EXPECT_NEAR(flipped.variance, negative.variance, 1e-14);
}

TEST(LogGaussianGrowth, ScalesWithTheLayers) {
  const LogNormGrowth G = log_gaussian_growth(vanilla({.width = 20, .depth = 50, .alpha = 0.8, .lambda = 0.6}));
  const LogNormGrowth scaled = log_gaussian_growth(vanilla({.width = 20, .depth = 50, .alpha = 2.4, .lambda = 1.8}));
  EXPECT_NEAR(scaled.mean, G.mean + 50 * std::log(9), 1e-11);
  EXPECT_NEAR(scaled.variance, G.variance, 1e-13);
}

TEST(LogGaussianGrowth, OfPureSkipsIsTheInputLayers) {
  const LogNormGrowth G = log_gaussian_growth(vanilla({.width = 20, .depth = 50, .alpha = 1.0, .lambda = 0.0}));
  EXPECT_DOUBLE_EQ(G.mean, -0.05);
  EXPECT_DOUBLE_EQ(G.variance, 0.1);
}

TEST(LogGaussianGrowth, OfAFullyConnectedNetCountsEachWidthWhereItActs) {
  // W_l adds 2/n_l, the activation before it 3/n_{l-1}; the exact law's variance 5/n_l has the same leading order.
  const LogNormGrowth G =
      log_gaussian_growth(fully_connected({.width = std::vector<std::size_t>{4000, 1000, 2000, 8000}, .depth = 3}));
  const double variance = 2.0 / 8000 + 5.0 / 4000 + 5.0 / 1000 + 5.0 / 2000;
  EXPECT_NEAR(G.variance, variance, 1e-16);
  EXPECT_NEAR(G.mean, -variance / 2, 1e-16);
}

TEST(InfiniteDepthAndWidth, IsTheGrowthsLawShiftedByTheInput) {
  const Network network = vanilla({.width = 40, .depth = 30, .inputs = 2, .outputs = 3});
  const LogNormGrowth G = log_gaussian_growth(network);
  const Law law = infinite_depth_and_width(network, Input({3, 4}));
  const Law expected = Law::log_gaussian(std::log(12.5) + G.mean, G.variance, 3);
  EXPECT_DOUBLE_EQ(law.mean(), expected.mean());
  EXPECT_DOUBLE_EQ(law.variance(), expected.variance());
  EXPECT_DOUBLE_EQ(law.cdf(1.5), expected.cdf(1.5));
  EXPECT_EQ(law.outputs(), 3);
  EXPECT_NEAR(law.log_second_moment(), std::log(12.5) + G.mean + G.variance / 2, 1e-14);
  EXPECT_NEAR(law.log_kurtosis_ratio(), G.variance, 1e-14);
}

TEST(InfiniteDepthAndWidth, RefusesAnInputOfAnotherLength) {
  EXPECT_THROW(infinite_depth_and_width(vanilla({.width = 40, .depth = 30, .inputs = 3}), Input({3, 4})),
               std::invalid_argument);
}

TEST(LogGaussianGrowth, OfALayerIsThatOfTheNetworkCutThere) {
  const auto of_depth = [](std::size_t depth) {
    return vanilla({.width = 30, .depth = depth, .alpha = 0.8, .lambda = 0.7}).with_flip(0.1);
  };
  const auto by_layer = log_gaussian_growth_by_layer(of_depth(40));
  ASSERT_EQ(by_layer.size(), 41);
  EXPECT_DOUBLE_EQ(by_layer[0].mean, -1.0 / 30);
  EXPECT_DOUBLE_EQ(by_layer[0].variance, 2.0 / 30);
  for (const std::size_t l : {1, 2, 17, 40}) {
    const LogNormGrowth cut = log_gaussian_growth(of_depth(l));
    EXPECT_DOUBLE_EQ(by_layer[l].mean, cut.mean) << l;
    EXPECT_DOUBLE_EQ(by_layer[l].variance, cut.variance) << l;
  }
}

}  // namespace
}  // namespace initlaw
