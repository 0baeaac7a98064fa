#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "initlaw/limit.hpp"
#include "law/log_chi_square.hpp"

namespace initlaw {
namespace {

TEST(InfiniteWidth, IsAShiftedLogChiSquare) {
  const Network network = vanilla({.width = 40, .depth = 30, .alpha = 1.0, .lambda = 0.5, .inputs = 2, .outputs = 3});
  const Law law = infinite_width(network, Input({3, 4}));
  const double shift = std::log(12.5) + 30 * std::log(1.25);
  const LogChiSquare chi_square(3);
  EXPECT_NEAR(law.mean(), shift + chi_square.mean(), 1e-13);
  EXPECT_NEAR(law.variance(), chi_square.variance(), 1e-14);
  for (const double y : {-20.0, -3.0, 0.0, 1.0, 3.0}) {
    EXPECT_NEAR(law.pdf(shift + y), chi_square.pdf(y), 1e-13 * chi_square.pdf(y)) << y;
    EXPECT_NEAR(law.cdf(shift + y), chi_square.cdf(y), 1e-13 * chi_square.cdf(y)) << y;
    EXPECT_NEAR(law.survival(shift + y), chi_square.survival(y), 1e-12 * chi_square.survival(y)) << y;
  }
}

TEST(InfiniteWidth, HasAGaussianOutput) {
  const OutputLaw output = infinite_width(vanilla({.width = 40, .depth = 30, .alpha = 1.0, .lambda = 0.5})).output();
  EXPECT_NEAR(output.variance(), std::pow(1.25, 30), 1e-11 * std::pow(1.25, 30));
  EXPECT_EQ(output.excess_kurtosis(), 0);
  const double deviation = std::pow(1.25, 15);
  for (const double u : {-6.0, -1.0, 0.0, 0.5, 3.0}) {
    EXPECT_NEAR(output.cdf(u * deviation), std::erfc(-u / std::numbers::sqrt2) / 2, 1e-13) << u;
    const double density = std::exp(-u * u / 2) / std::sqrt(2 * std::numbers::pi) / deviation;
    EXPECT_NEAR(output.pdf(u * deviation), density, 1e-12 * density) << u;
  }
}

TEST(InfiniteWidth, KnowsNothingOfWidthSignsOrActivation) {
  const double mean = infinite_width(vanilla({.width = 40, .depth = 30, .alpha = 0.8, .lambda = 0.7})).mean();
  EXPECT_EQ(infinite_width(vanilla({.width = 7, .depth = 30, .alpha = 0.8, .lambda = 0.7})).mean(), mean);
  EXPECT_EQ(infinite_width(balanced({.width = 40, .depth = 30, .alpha = 0.8, .lambda = 0.7})).mean(), mean);
  EXPECT_EQ(infinite_width(vanilla({.width = 40, .depth = 30, .alpha = -0.8, .lambda = 0.7, .leak = 0.4})).mean(),
            mean);
}

TEST(InfiniteWidth, OfAStableNetStaysBounded) {
  const LogChiSquare chi_square(1);
  for (const std::size_t depth : {1ul, 100ul, 1'000'000ul}) {
    const double log_variance = static_cast<double>(depth) * std::log1p(1 / static_cast<double>(depth));
    EXPECT_NEAR(infinite_width(stable({.width = 40, .depth = depth})).mean(), log_variance + chi_square.mean(), 1e-10)
        << depth;
  }
}

TEST(InfiniteWidth, CountsEveryLayerOfASchedule) {
  const Network network =
      vanilla({.width = 40, .depth = 3, .alpha = std::vector<double>{1, 0, 2}, .lambda = std::vector<double>{1, 3, 0}});
  EXPECT_NEAR(infinite_width(network).second_moment(), 2 * 9 * 4, 1e-12);
}

TEST(InfiniteWidth, HoldsWhatADoubleCannot) {
  const Law law = infinite_width(vanilla({.width = 40, .depth = 1'000'000, .alpha = 1.0, .lambda = 1.0}));
  EXPECT_NEAR(law.log_second_moment(), 1e6 * std::numbers::ln2, 1e-10 * 1e6);
  EXPECT_EQ(law.second_moment(), std::numeric_limits<double>::infinity());
  const LogChiSquare chi_square(1);
  EXPECT_NEAR(law.cdf(law.mean()), chi_square.cdf(chi_square.mean()), 1e-9);
}

TEST(InfiniteWidth, RefusesAnInputOfAnotherLength) {
  EXPECT_THROW(infinite_width(vanilla({.width = 40, .depth = 30, .inputs = 3}), Input({3, 4})), std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
