#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "initlaw/compare.hpp"

namespace initlaw {
namespace {

// Two laws that differ by a shift: the distance is the largest rise over an interval of that length.
TEST(DistanceOfLaws, IsTheLargestDifferenceOfTheirFunctions) {
  for (const double variance : {0.0, 1e-3, 0.5, 20.0}) {
    for (const std::size_t outputs : {1, 10, 1000}) {
      const Law a = Law::log_gaussian(0, variance, outputs);
      for (const Law& b : {Law::log_gaussian(0.1, variance, outputs), Law::log_gaussian(-2, variance, outputs),
                           Law::log_gaussian(0, 30, outputs)}) {
        double largest = 0;
        const double low = std::min(a.mean() - 6 * std::sqrt(a.variance()), b.mean() - 6 * std::sqrt(b.variance()));
        const double high = std::max(a.mean() + 6 * std::sqrt(a.variance()), b.mean() + 6 * std::sqrt(b.variance()));
        constexpr int kSteps = 3000;
        for (int i = 0; i <= kSteps; ++i) {
          const double x = low + (high - low) * i / kSteps;
          largest = std::max(largest, std::abs(a.cdf(x) - b.cdf(x)));
        }
        const double distance = kolmogorov_smirnov(a, b);
        EXPECT_GE(distance, largest * (1 - 1e-4)) << variance << " " << outputs;
        EXPECT_LE(distance, largest + 0.02);  // the grid is coarse beside a narrow law
        EXPECT_EQ(distance, kolmogorov_smirnov(b, a));
      }
    }
  }
}

TEST(DistanceOfLaws, IsNoneFromItself) {
  const Law law = Law::log_gaussian(3, 2, 4);
  EXPECT_EQ(kolmogorov_smirnov(law, law), 0);
}

}  // namespace
}  // namespace initlaw
