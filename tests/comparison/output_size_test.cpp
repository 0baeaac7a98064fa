#include "comparison/output_size.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "initlaw/limit.hpp"

namespace initlaw {
namespace {

TEST(OutputSize, IsThatOfAGaussianNumberAtInfiniteWidth) {
  const Law law = Law::log_gaussian(2 * std::log(3.0), 0, 7);
  const boost::math::normal normal(0, 3);
  for (const double limit : {1e-6, 0.1, 4.0, 20.0}) {
    const double above = 2 * cdf(complement(normal, limit));
    EXPECT_NEAR(chance_above(law, limit), above, 1e-9 * above);
    EXPECT_NEAR(chance_below(law, limit), erf(limit / 3 / std::sqrt(2.0)), 1e-9);
  }
  EXPECT_NEAR(log_quantile_ratio(law), std::log(quantile(normal, 0.975) / quantile(normal, 0.525)), 1e-9);
}

TEST(OutputSize, IsZeroOfDeadNetworks) {
  const Law law = exact_fully_connected(fully_connected({.width = 3, .depth = 4}));
  EXPECT_NEAR(law.dead_probability(), 1 - std::pow(1 - std::pow(0.5, 3), 4), 1e-12);
  EXPECT_NEAR(chance_above(law, 0.5) + chance_below(law, 0.5), 1, 1e-9);
  EXPECT_NEAR(chance_below(law, 1e-30), law.dead_probability(), 1e-9);
}

}  // namespace
}  // namespace initlaw
