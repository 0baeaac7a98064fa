#include "network/network_scales.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace initlaw {
namespace {

LayerScale scale_of(double alpha, double lambda) {
  return layer_scale(vanilla({.width = 10, .depth = 1, .alpha = alpha, .lambda = lambda}), 1);
}

TEST(LayerScale, OfTheStandardResNetIsHalfAndHalf) {
  const LayerScale scale = layer_scale(vanilla({.width = 10, .depth = 3}), 2);
  EXPECT_NEAR(scale.log_r2, 0, 1e-15);
  EXPECT_DOUBLE_EQ(scale.a, std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(scale.t(), 0.5);
  EXPECT_DOUBLE_EQ(scale.log_abs_a, std::log(0.5) / 2);
}

TEST(LayerScale, KeepsTheSigns) {
  const LayerScale scale = scale_of(-3, -4);
  EXPECT_DOUBLE_EQ(scale.log_r2, std::log(25.0));
  EXPECT_DOUBLE_EQ(scale.a, -0.6);
  EXPECT_DOUBLE_EQ(scale.sqrt_t, -0.8);
  EXPECT_DOUBLE_EQ(scale.log_abs_a, std::log(0.6));
}

TEST(LayerScale, WithoutASkipForgetsEverything) {
  const LayerScale scale = layer_scale(fully_connected({.width = 10, .depth = 2}), 1);
  EXPECT_EQ(scale.log_r2, 0);
  EXPECT_EQ(scale.a, 0);
  EXPECT_EQ(scale.t(), 1);
  EXPECT_EQ(scale.log_abs_a, -std::numeric_limits<double>::infinity());
}

TEST(LayerScale, WithoutABranchForgetsNothing) {
  const LayerScale scale = scale_of(2, 0);
  EXPECT_DOUBLE_EQ(scale.log_r2, std::log(4.0));
  EXPECT_EQ(scale.a, 1);
  EXPECT_EQ(scale.t(), 0);
  EXPECT_EQ(scale.log_abs_a, 0);
}

TEST(LayerScale, OfAStableResNetLosesNoDigits) {
  // ln(1 + x) = x - x^2/2 + x^3/3 - ..., x = lambda^2 = 1/d.
  const LayerScale scale = layer_scale(stable({.width = 10, .depth = 1'000'000}), 1);
  const double expected = 1e-6 - 0.5e-12 + 1e-18 / 3;
  EXPECT_NEAR(scale.log_r2 / expected, 1, 1e-12);
  EXPECT_NEAR(scale.log_abs_a / (-0.5 * expected), 1, 1e-14);
}

TEST(LayerScale, OfHugeAndTinyScalesNeitherOverflowsNorVanishes) {
  const LayerScale huge = scale_of(3e300, 4e300);
  EXPECT_NEAR(huge.log_r2, 2 * (std::log(5.0) + 300 * std::log(10.0)), 1e-12);
  EXPECT_DOUBLE_EQ(huge.a, 0.6);
  const LayerScale tiny = scale_of(3e-300, 4e-300);
  EXPECT_NEAR(tiny.log_r2, 2 * (std::log(5.0) - 300 * std::log(10.0)), 1e-12);
  EXPECT_DOUBLE_EQ(tiny.a, 0.6);
  for (const double scale : {std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max()}) {
    const LayerScale equal = scale_of(scale, scale);
    EXPECT_NEAR(equal.log_r2, 2 * std::log(scale) + std::log(2.0), 1e-12) << scale;
    EXPECT_DOUBLE_EQ(equal.a, std::sqrt(0.5)) << scale;
    EXPECT_DOUBLE_EQ(equal.t(), 0.5) << scale;
  }
}

TEST(LayerScale, OfATinySkipHasAFiniteLogarithm) {
  EXPECT_NEAR(scale_of(1e-149, 1).log_abs_a, -149 * std::log(10.0), 1e-12);
}

TEST(LayerScale, IsThatOfTheLayerAskedFor) {
  const Network network =
      vanilla({.width = 10, .depth = 2, .alpha = std::vector<double>{1, 3}, .lambda = std::vector<double>{1, 4}});
  EXPECT_DOUBLE_EQ(layer_scale(network, 1).a, std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(layer_scale(network, 2).a, 0.6);
}

}  // namespace
}  // namespace initlaw
