#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "initlaw/angle_law.hpp"
#include "law/resnet.hpp"

namespace initlaw {
namespace {

TEST(GrowthDifference, HasTheTheorysCheckValues) {
  constexpr std::size_t n = 400;
  const std::pair<Network, double> rows[] = {{fully_connected({.width = n, .depth = 20}), 45.09},
                                             {resnet(.5, n, 20), 63.60},
                                             {balanced({.width = n, .depth = 20}), 34.25},
                                             {resnet(.8, n, 20), 37.66},
                                             {resnet(.5, n, 20, .3), 70.90}};
  for (const auto& [network, expected] : rows)
    EXPECT_NEAR(n * growth_difference_variance(network, .5), expected, 0.0051);
  EXPECT_NEAR(growth_difference_variance(resnet(.5, 64, 64), .5), 1.55, 0.0051);
}

TEST(GrowthDifference, IsNoneOfTheSameInput) {
  for (const Network& network : {resnet(.5, 10, 30), fully_connected({.width = 10, .depth = 30, .leak = .2})}) {
    EXPECT_NEAR(growth_difference_variance(network, 1), 0, 1e-12);
    EXPECT_GT(growth_difference_variance(network, -1), growth_difference_variance(network, .5));
  }
  // |x| and a linear network do not tell x from -x.
  EXPECT_NEAR(growth_difference_variance(fully_connected({.width = 10, .depth = 9, .leak = -1}), -1), 0, 1e-12);
  EXPECT_NEAR(growth_difference_variance(resnet(.5, 10, 9, 1), -1), 0, 1e-12);
}

// Close inputs differ as far as their angle is wide: Var(G - G') is a square of an angle there, of order 1 - rho.
TEST(GrowthDifference, GrowsWithTheAngle) {
  const Network network = resnet(.5, 10, 30);
  const double near = growth_difference_variance(network, 1 - 1e-6);
  EXPECT_NEAR(growth_difference_variance(network, 1 - 2e-6), 2 * near, 0.01 * near);
}

TEST(GrowthDifference, RefusesWhatHasNoLaw) {
  EXPECT_THROW(growth_difference_variance(resnet(.5, 10, 5, 0, 2), .5), std::invalid_argument);
  for (const double rho : {-1.1, 1.1, std::nan("")})
    EXPECT_THROW(growth_difference_variance(resnet(.5, 10, 5), rho), std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
