#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "initlaw/limit.hpp"
#include "law/reference_networks.hpp"

namespace initlaw {
namespace {

using testing::HasSubstr;
using testing::Property;
using testing::Throws;

/// A network whose layers all differ.
Network uneven() {
  return vanilla({.width = 20,
                  .depth = 6,
                  .alpha = std::vector<double>{0.5, -0.8, 1, 0.9, 0.3, 0.7},
                  .lambda = std::vector<double>{0.5, 0.6, 0.2, 0.1, 1, 0.7},
                  .leak = 0.2})
      .with_flip(0.15);
}

TEST(InterlayerCovariance, IsThreeTimesTheSquaredAsymmetryOnTheDiagonal) {
  EXPECT_DOUBLE_EQ(interlayer_covariance(vanilla({.width = 20, .depth = 9}), 4, 4), 3);
  const double b = 0.96 / 1.04;
  for (std::size_t l = 0; l < 6; ++l) EXPECT_NEAR(interlayer_covariance(uneven(), l, l), 3 * b * b, 1e-14);
}

TEST(InterlayerCovariance, IsSymmetric) {
  for (std::size_t m = 0; m < 6; ++m) {
    for (std::size_t l = 0; l < m; ++l) {
      EXPECT_EQ(interlayer_covariance(uneven(), m, l), interlayer_covariance(uneven(), l, m));
    }
  }
}

TEST(InterlayerCovariance, IsTheKernelAtTheProductOfTheSkipsBetween) {
  // Between layers 1 and 3 lie the steps 2 and 3.
  const double rho = -0.8 / std::hypot(0.8, 0.6) * 1 / std::hypot(1, 0.2);
  const double b = 0.96 / 1.04;
  const double K = 2 / std::numbers::pi * (3 * rho * std::sqrt(1 - rho * rho) + (1 + 2 * rho * rho) * std::asin(rho));
  EXPECT_NEAR(interlayer_covariance(uneven(), 1, 3), b * b * 0.7 * 0.7 * K, 1e-14);
}

TEST(InterlayerCovariance, HasTheThreeValuesThatTheKernelHasInClosedForm) {
  // arcsin(1/sqrt 2) = pi/4, arcsin(1/2) = pi/6.
  const Network network = vanilla({.width = 20, .depth = 9});
  EXPECT_NEAR(interlayer_covariance(network, 3, 4), 3 / std::numbers::pi + 1, 1e-14);
  EXPECT_NEAR(interlayer_covariance(network, 3, 5),
              2 / std::numbers::pi * (1.5 * std::sqrt(0.75) + 1.5 * std::numbers::pi / 6), 1e-14);
  EXPECT_EQ(interlayer_covariance(fully_connected({.width = 20, .depth = 9}), 3, 4), 0);
}

TEST(InterlayerCovariance, IsZeroBetweenLayersWithoutCommonSigns) {
  EXPECT_EQ(interlayer_covariance(balanced({.width = 20, .depth = 9}), 3, 4), 0);
  EXPECT_DOUBLE_EQ(interlayer_covariance(balanced({.width = 20, .depth = 9}), 3, 3), 3);
}

TEST(InterlayerCovariance, IsZeroForSymmetricActivations) {
  EXPECT_EQ(interlayer_covariance(vanilla({.width = 20, .depth = 9, .leak = -1}), 3, 4), 0);
  EXPECT_EQ(interlayer_covariance(vanilla({.width = 20, .depth = 9, .leak = 1}), 3, 3), 0);
}

TEST(InterlayerCovariance, AlternatesWhereEverySignFlips) {
  const Network plain = vanilla({.width = 20, .depth = 9, .alpha = 0.9, .lambda = 0.4});
  for (std::size_t l = 0; l < 9; ++l) {
    const double sign = l % 2 == 0 ? 1 : -1;
    EXPECT_NEAR(interlayer_covariance(plain.with_flip(1), 0, l), sign * interlayer_covariance(plain, 0, l), 1e-14) << l;
  }
}

TEST(InterlayerCovariance, KeepsItsDigitsWhereLayersHardlyDiffer) {
  // 1 - rho = lambda^2/2 to leading order, and K(rho) = 3 - 4 (1 - rho) + O((1 - rho)^{3/2}) with K'(1) = 4.
  const Network network = vanilla({.width = 20, .depth = 2, .alpha = 1.0, .lambda = 1e-6});
  EXPECT_NEAR(3 - interlayer_covariance(network, 0, 1), 2e-12, 1e-14);
}

TEST(InterlayerCovariance, RefusesLayersThatAreNotThere) {
  const Network network = vanilla({.width = 20, .depth = 9});
  EXPECT_THAT([&] { interlayer_covariance(network, 9, 0); },
              Throws<std::invalid_argument>(
                  Property(&std::exception::what, testing::AllOf(HasSubstr("layer: 9"), HasSubstr("[0, 8]")))));
  EXPECT_THROW(interlayer_covariance(network, 0, 9), std::invalid_argument);
}

TEST(MeanInterlayerCovariance, IsTheAverageOverTheLayers) {
  for (const Network& network : {uneven(), stable({.width = 20, .depth = 6, .leak = 0.1}).with_flip(0.2)}) {
    for (std::size_t lag = 0; lag < 6; ++lag) {
      double sum = 0;
      for (std::size_t m = 0; m + lag < 6; ++m) sum += interlayer_covariance(network, m, m + lag);
      EXPECT_NEAR(mean_interlayer_covariance(network, lag), sum / static_cast<double>(6 - lag), 1e-14) << lag;
    }
  }
}

TEST(MeanInterlayerCovariance, OfAScheduleWithOneValueEqualsTheConstant) {
  const Network constant = vanilla({.width = 20, .depth = 50, .alpha = 0.95, .lambda = 0.3});
  const Network schedule = vanilla({.width = 20, .depth = 50, .alpha = periodic(50, {0.95}), .lambda = 0.3});
  for (const std::size_t lag : {0, 1, 7, 49}) {
    const double expected = mean_interlayer_covariance(constant, lag);
    EXPECT_NEAR(mean_interlayer_covariance(schedule, lag), expected, 1e-13 * expected) << lag;
  }
}

TEST(MeanInterlayerCovariance, RefusesLagsThatTheNetworkDoesNotHold) {
  EXPECT_THAT([] { mean_interlayer_covariance(vanilla({.width = 20, .depth = 9}), 9); },
              Throws<std::invalid_argument>(
                  Property(&std::exception::what, testing::AllOf(HasSubstr("lag: 9"), HasSubstr("[0, 8]")))));
}

}  // namespace
}  // namespace initlaw
