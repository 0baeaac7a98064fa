#include "statistics/distances.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "support/sanitized.hpp"

namespace initlaw {
namespace {

double normal_cdf(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }
double normal_pdf(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }
double one(double) { return 1; }

TabulatedCdf normal(double low = -9, double high = 9) { return {low, high, normal_cdf, normal_pdf}; }

TabulatedCdf uniform() {
  return {0, 1, [](double x) { return x; }, one};
}

Histogram histogram_of(double low, double high, const std::vector<double>& numbers) {
  Histogram histogram(low, high);
  for (const double x : numbers) histogram.add(x);
  return histogram;
}

/// The midpoints of `count` intervals of equal probability under N(shift, 1).
Histogram normal_sample(double shift, int count) {
  Histogram histogram(-12, 12);
  double x = -8;
  for (int i = 0; i < count; ++i) {
    const double p = (i + 0.5) / count;
    for (int step = 0; step < 60 && std::abs(normal_cdf(x) - p) > 1e-15; ++step) {
      // The guard keeps Newton's method from leaving the tails.
      x += std::clamp((p - normal_cdf(x)) / normal_pdf(x), -0.5, 0.5);
    }
    histogram.add(x + shift);
  }
  return histogram;
}

TEST(TabulatedCdf, InterpolatesTo1e11) {
  const TabulatedCdf cdf = normal(-7.5, 7.5);
  for (double x = -7.4; x < 7.5; x += 0.01234) EXPECT_NEAR(cdf(x), normal_cdf(x), 1e-11) << x;
}

TEST(TabulatedCdf, IsZeroBelowItsRangeAndOneAboveIt) {
  const TabulatedCdf cdf = normal(-1, 2);
  for (const double x : {-1e300, -1.5, -1.0}) EXPECT_EQ(cdf(x), 0);
  for (const double x : {2.0, 2.5, 1e300}) EXPECT_EQ(cdf(x), 1);
  EXPECT_EQ(cdf.low(), -1);
  EXPECT_EQ(cdf.high(), 2);
}

TEST(KolmogorovSmirnov, OfFourNumbersIsThatOfPaper) {
  // F_N steps by 1/4 at 0.1, 0.4, 0.5, 0.9; against F(x) = x the largest gap is 3/4 - 0.5 just after 0.5.
  const double bin = 1.0 / Histogram::kBins;
  EXPECT_NEAR(kolmogorov_smirnov(histogram_of(0, 1, {0.1, 0.4, 0.5, 0.9}), uniform()).value, 0.25, bin);
}

TEST(KolmogorovSmirnov, SeesTheGapJustBeforeAStep) {
  // F_N is 0 up to 0.7.
  EXPECT_NEAR(kolmogorov_smirnov(histogram_of(0, 1, {0.7, 0.8, 0.9}), uniform()).value, 0.7, 2.0 / Histogram::kBins);
}

TEST(KolmogorovSmirnov, OfOnePointIsTheLargerTail) {
  EXPECT_NEAR(kolmogorov_smirnov(histogram_of(0, 1, {0.25}), uniform()).value, 0.75, 2.0 / Histogram::kBins);
}

TEST(KolmogorovSmirnov, OfAShiftedNormalIsItsClosedForm) {
  // sup |Phi(x) - Phi(x - s)| = 2 Phi(s/2) - 1, at x = s/2.
  constexpr int kCount = 20'000;
  for (const double shift : {0.0, 0.1, -0.5, 2.0}) {
    const double expected = std::abs(2 * normal_cdf(shift / 2) - 1);
    EXPECT_NEAR(kolmogorov_smirnov(normal_sample(shift, kCount), normal()).value, expected, 0.5 / kCount + 2e-5)
        << shift;
  }
}

TEST(KolmogorovSmirnov, HasTheErrorOfTheSamplesBelowTheLargestGap) {
  // Three of four below 0.5, with Laplace's one more on either side.
  EXPECT_NEAR(kolmogorov_smirnov(histogram_of(0, 1, {0.1, 0.4, 0.5, 0.9}), uniform()).std_error,
              std::sqrt(2.0 / 3 * (1.0 / 3) / 4), 1e-12);
  EXPECT_NEAR(kolmogorov_smirnov(histogram_of(0, 1, {0.97, 0.98, 0.99}), uniform()).std_error,
              std::sqrt(1.0 / 5 * (4.0 / 5) / 3), 1e-12);
}

TEST(KolmogorovSmirnov, HasAnErrorThatIsItsSpread) {
  // H0: over samples the distance from a law that is shifted has the error's deviation; four errors of a deviation.
  const int samples = static_cast<int>(support::samples(400));
  constexpr int kCount = 1000;
  std::mt19937_64 generator(1);
  for (const double shift : {0.4, 1.0, 3.0}) {
    std::normal_distribution<double> draw(shift, 1);
    Moments distances;
    double error = 0;
    for (int i = 0; i < samples; ++i) {
      Histogram histogram(-12, 12);
      for (int j = 0; j < kCount; ++j) histogram.add(draw(generator));
      const Estimate ks = kolmogorov_smirnov(histogram, normal());
      distances.add(ks.value);
      error += ks.std_error / samples;
    }
    EXPECT_NEAR(std::sqrt(distances.variance().value) / error, 1, 4 / std::sqrt(2.0 * samples)) << shift;
  }
}

TEST(AreaBetween, OfAShiftedNormalIsTheShift) {
  constexpr int kCount = 20'000;
  for (const double shift : {0.1, -0.5, 2.0}) {
    EXPECT_NEAR(area_between(normal_sample(shift, kCount), normal(-12, 12), one), std::abs(shift), 1e-3) << shift;
  }
  EXPECT_NEAR(area_between(normal_sample(0, kCount), normal(-12, 12), one), 0, 1e-3);
}

TEST(AreaBetween, OfTwoNumbersIsThatOfPaper) {
  // F_N is 0, 1/2, 1 with steps at 0.25, 0.75: four triangles of legs 1/4.
  EXPECT_NEAR(area_between(histogram_of(0, 1, {0.25, 0.75}), uniform(), one), 0.125, 1e-6);
}

TEST(AreaBetween, CountsTheLawsTailsBeyondTheNumbers) {
  // E|X - 1/2| for a uniform X is 1/4, and E|X| of a normal X is sqrt(2/pi).
  EXPECT_NEAR(area_between(histogram_of(0, 1, {0.5}), uniform(), one), 0.25, 1e-5);
  EXPECT_NEAR(area_between(histogram_of(-1, 1, {0}), normal(), one), std::sqrt(2 / std::numbers::pi), 1e-5);
}

TEST(AreaBetween, CountsNumbersBeyondTheLaw) {
  // From the uniform law on [0, 1] to a point at 3: 3 - 1/2.
  EXPECT_NEAR(area_between(histogram_of(0, 4, {3}), uniform(), one), 2.5, 1e-3);
  EXPECT_NEAR(area_between(histogram_of(-4, 0, {-3}), uniform(), one), 3.5, 1e-3);
}

TEST(AreaBetween, WeighsEachPlace) {
  // With weight 2x: the integral of |1{x > 1/2} - x| 2x over [0, 1] is 1/12 + (3/4 - 7/12).
  const auto weight = [](double x) { return 2 * x; };
  EXPECT_NEAR(area_between(histogram_of(0, 1, {0.5}), uniform(), weight), 0.25, 1e-5);
}

}  // namespace
}  // namespace initlaw
