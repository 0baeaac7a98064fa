#include "reproduction/extrapolation.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

namespace initlaw {
namespace {

constexpr double kWidths[] = {50, 100, 200, 400};

TEST(Extrapolation, RecoversTheValueAtInfiniteWidthOfItsModel) {
  std::vector<AtWidth> measurements;
  for (const double n : kWidths) measurements.push_back({n, {3 - 7 / n + 100 / (n * n), 0.01 * std::sqrt(n)}});
  EXPECT_NEAR(extrapolate(measurements).value, 3, 1e-10);
}

// H0: the extrapolated value's standard error is the one that is given: over 2000 draws of normal errors the mean
// square of its z-score is 1, with a standard error of sqrt(2/2000) = 0.032; rejected at 4.5 of them.
TEST(Extrapolation, GivesTheErrorThatItHas) {
  std::mt19937_64 generator(1);
  std::normal_distribution<double> normal;
  double sum = 0;
  constexpr int kDraws = 2000;
  for (int draw = 0; draw < kDraws; ++draw) {
    std::vector<AtWidth> measurements;
    for (const double n : kWidths) {
      const double error = 0.002 * std::sqrt(n);
      measurements.push_back({n, {1 + 2 / n + error * normal(generator), error}});
    }
    const auto [value, error] = extrapolate(measurements);
    sum += std::pow((value - 1) / error, 2);
  }
  EXPECT_NEAR(sum / kDraws, 1, 4.5 * std::sqrt(2.0 / kDraws));
}

TEST(Extrapolation, WeighsByTheErrors) {
  std::vector<AtWidth> measurements;
  for (const double n : kWidths) measurements.push_back({n, {1 + 2 / n, 1e-3}});
  measurements.push_back({800, {100, 1e6}});
  EXPECT_NEAR(extrapolate(measurements).value, 1, 1e-6);
}

}  // namespace
}  // namespace initlaw
