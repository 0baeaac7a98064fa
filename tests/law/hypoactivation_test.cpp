#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "initlaw/limit.hpp"
#include "law/layer_sums.hpp"
#include "law/reference_networks.hpp"

namespace initlaw {
namespace {

using testing::Each;
using testing::SizeIs;

TEST(Hypoactivation, EqualsItsDefiningSumTo1e10InEveryFamily) {
  for (const auto& [name, network, mean, variance, layers] : growth_references()) {
    const auto h = hypoactivation(network);
    ASSERT_THAT(h, SizeIs(network.depth()));
    for (const auto& layer : layers) {
      EXPECT_NEAR(h[layer.l], layer.h, 1e-10 * std::abs(layer.h)) << name << ", layer " << layer.l;
    }
  }
}

TEST(ActiveExcess, EqualsItsDefiningSumTo1e10InEveryFamily) {
  for (const auto& [name, network, mean, variance, layers] : growth_references()) {
    const auto q = layer_sums(network).active_excess;
    for (const auto& layer : layers) {
      EXPECT_NEAR(q[layer.l], layer.q, 1e-10 * std::abs(layer.q)) << name << ", layer " << layer.l;
    }
  }
}

TEST(ActiveFraction, IsHalfPlusTheExcessOverTwiceTheWidth) {
  const Network network = vanilla({.width = 30, .depth = 40, .alpha = 0.8, .lambda = 0.6});
  const auto q = layer_sums(network).active_excess;
  const auto fractions = active_fraction(network);
  ASSERT_THAT(fractions, SizeIs(40));
  for (std::size_t l = 0; l < 40; ++l) EXPECT_DOUBLE_EQ(fractions[l], 0.5 + q[l] / 60);
}

TEST(Hypoactivation, IsZeroInTheInputLayerAndNegativeAfterIt) {
  const auto h = hypoactivation(vanilla({.width = 30, .depth = 20}));
  EXPECT_EQ(h[0], 0);
  for (std::size_t l = 1; l < h.size(); ++l) EXPECT_LT(h[l], h[l - 1]);
}

TEST(Hypoactivation, OfASecondLayerIsTheOneTermOfItsSum) {
  // h_1 = -(1/2) t a K'(a) with a^2 = t = 1/2: K'(1/sqrt 2) = (8/pi) (1/sqrt 2) (1 + pi/4).
  const auto h = hypoactivation(vanilla({.width = 30, .depth = 2}));
  EXPECT_NEAR(h[1], -(1 / std::numbers::pi + 0.25), 1e-15);
}

TEST(Hypoactivation, IsZeroWithoutMemoryOfSigns) {
  EXPECT_THAT(hypoactivation(fully_connected({.width = 20, .depth = 30})), Each(0));
  EXPECT_THAT(hypoactivation(balanced({.width = 20, .depth = 30})), Each(0));
  EXPECT_THAT(active_fraction(fully_connected({.width = 20, .depth = 30})), Each(0.5));
  EXPECT_THAT(active_fraction(balanced({.width = 20, .depth = 30})), Each(0.5));
}

TEST(Hypoactivation, IsZeroForSymmetricActivations) {
  for (const double leak : {-1.0, 1.0}) {
    const Network network = vanilla({.width = 20, .depth = 30, .leak = leak});
    EXPECT_THAT(hypoactivation(network), Each(0)) << leak;
    EXPECT_THAT(active_fraction(network), Each(0.5)) << leak;
  }
}

TEST(Hypoactivation, DoesNotTellALeakFromItsNegative) {
  EXPECT_EQ(hypoactivation(vanilla({.width = 20, .depth = 30, .leak = 0.3})),
            hypoactivation(vanilla({.width = 20, .depth = 30, .leak = -0.3})));
}

TEST(Hypoactivation, OfAConstantScheduleEqualsTheConstants) {
  const std::size_t d = 300;
  const Network constant = vanilla({.width = 20, .depth = d, .alpha = 0.9, .lambda = 0.3}).with_flip(0.02);
  const Network schedule =
      vanilla({.width = 20, .depth = d, .alpha = periodic(d, {0.9}), .lambda = periodic(d, {0.3})}).with_flip(0.02);
  const LayerSums expected = layer_sums(constant);
  const LayerSums sums = layer_sums(schedule);
  for (std::size_t l = 0; l < d; ++l) {
    EXPECT_NEAR(sums.hypoactivation[l], expected.hypoactivation[l], 1e-13 * std::abs(expected.hypoactivation[l]));
    EXPECT_NEAR(sums.active_excess[l], expected.active_excess[l], 1e-13 * std::abs(expected.active_excess[l]));
    EXPECT_NEAR(sums.covariance[l], expected.covariance[l], 1e-13 * std::abs(expected.covariance[l]));
  }
}

TEST(Hypoactivation, DoesNotTellAFlipFromANegativeSkip) {
  // Flipping every sign with probability p and again with certainty is flipping it with probability 1 - p.
  for (const double flip : {0.0, 0.2, 0.5}) {
    const auto h = hypoactivation(vanilla({.width = 20, .depth = 30, .alpha = 0.8, .lambda = 0.6}).with_flip(flip));
    const auto mirrored =
        hypoactivation(vanilla({.width = 20, .depth = 30, .alpha = -0.8, .lambda = 0.6}).with_flip(1 - flip));
    EXPECT_THAT(mirrored, testing::Pointwise(testing::DoubleNear(1e-14), h)) << flip;
  }
}

TEST(Hypoactivation, DoesNotDependOnWidthOrBranchDepth) {
  const auto h = hypoactivation(vanilla({.width = 20, .depth = 30}));
  EXPECT_EQ(hypoactivation(vanilla({.width = 2000, .depth = 30})), h);
  EXPECT_EQ(hypoactivation(vanilla({.width = 20, .depth = 30, .branch_depth = 3})), h);
}

TEST(Hypoactivation, DoesNotDependOnTheScaleOfALayer) {
  const auto h = hypoactivation(vanilla({.width = 20, .depth = 30, .alpha = 0.8, .lambda = 0.6}));
  const auto scaled = hypoactivation(vanilla({.width = 20, .depth = 30, .alpha = 8e100, .lambda = 6e100}));
  EXPECT_THAT(scaled, testing::Pointwise(testing::DoubleNear(1e-14), h));
}

TEST(Hypoactivation, KeepsThatOfTheLayerBeforeThroughAPureSkip) {
  std::vector<double> lambda(10, 0.5);
  lambda[4] = 0;
  const auto h = hypoactivation(vanilla({.width = 20, .depth = 10, .alpha = 1.0, .lambda = lambda}));
  EXPECT_NEAR(h[5], h[4], 1e-15);
}

TEST(Hypoactivation, ForgetsWhatCameBeforeALayerWithoutSkip) {
  std::vector<double> alpha(10, 0.7);
  alpha[4] = 0;
  const auto h = hypoactivation(vanilla({.width = 20, .depth = 10, .alpha = alpha, .lambda = 0.5}));
  EXPECT_EQ(h[5], 0);
  EXPECT_NEAR(h[6], h[1], 1e-15);
}

}  // namespace
}  // namespace initlaw
