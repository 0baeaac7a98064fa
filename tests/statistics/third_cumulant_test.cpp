#include "statistics/third_cumulant.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace initlaw {
namespace {

TEST(ThirdCumulant, OfNoNumbersIsNone) { EXPECT_FALSE(std::isfinite(third_cumulant(Histogram(0, 1)).value)); }

// Of a number that is 1 with probability p, else 0, it is p (1 - p) (1 - 2 p). All that a sample tells is p, with the
// error sqrt(p (1 - p)/n).
TEST(ThirdCumulant, AndItsErrorAreThoseOfBernoulliNumbers) {
  constexpr int kCount = 1000;
  for (const int ones : {100, 300, 800}) {
    Histogram histogram(-1, 2);
    for (int i = 0; i < kCount; ++i) histogram.add(i < ones ? 1 : 0);
    const double p = static_cast<double>(ones) / kCount;
    const auto [value, std_error] = third_cumulant(histogram);
    EXPECT_NEAR(value, p * (1 - p) * (1 - 2 * p), 1e-5) << p;
    EXPECT_NEAR(std_error, std::abs(1 - 6 * p + 6 * p * p) * std::sqrt(p * (1 - p) / kCount), 1e-6) << p;
  }
}

}  // namespace
}  // namespace initlaw
