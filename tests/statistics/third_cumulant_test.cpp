#include "statistics/third_cumulant.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace initlaw {
namespace {

TEST(ThirdCumulant, OfFewNumbersIsThatOfItsDefinition) {
  Histogram histogram(-10, 10);
  EXPECT_FALSE(std::isfinite(third_cumulant(histogram).value));
  for (const double x : {1.0, 1.0, 1.0, 5.0}) histogram.add(x);
  // Mean 2: (3 (-1)^3 + 3^3)/4.
  EXPECT_NEAR(third_cumulant(histogram).value, 6, 1e-3);
}

// Null hypothesis: the third cumulant of gamma variables of shape a is 2 a, in errors that are standard normal.
TEST(ThirdCumulant, HasTheErrorThatItSays) {
  std::mt19937_64 generator(1);
  constexpr double kShape = 5;
  constexpr int kRuns = 400;
  constexpr int kSamples = 2000;
  double sum = 0;
  double squares = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::gamma_distribution<double> gamma(kShape);
    Histogram histogram(0, 60);
    for (int i = 0; i < kSamples; ++i) histogram.add(gamma(generator));
    const auto [value, std_error] = third_cumulant(histogram);
    const double z = (value - 2 * kShape) / std_error;
    sum += z;
    squares += z * z;
  }
  // The mean square of 400 has an error of 7%; skewness and the error's own error widen it.
  EXPECT_NEAR(squares / kRuns, 1, 0.3);
  EXPECT_LT(std::abs(sum / kRuns), 0.4);
}

}  // namespace
}  // namespace initlaw
