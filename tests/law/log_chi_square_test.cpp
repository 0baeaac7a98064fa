#include "law/log_chi_square.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace initlaw {
namespace {

struct LogChiSquareReference {
  std::size_t k;
  double x;
  double pdf;
  double cdf;
  double survival;
};

/// With 50 digits, by reference/make_reference.py.
constexpr LogChiSquareReference kReferences[] = {
#include "law/reference/log_chi_square.inc"
};

/// The relative error that rounding x to a double makes: rounding times the slope of the functions' logarithms.
double tolerance(const LogChiSquare& law, double x) {
  const double deviations = std::abs(x - law.mean()) / std::sqrt(law.variance());
  return 2e-13 + 3e-16 * std::abs(x) * (1 + deviations) * std::sqrt(2 * law.half_degrees());
}

TEST(LogChiSquare, HasAnAccurateDensityFromOneToTrillionsOfDegrees) {
  for (const auto& [k, x, pdf, cdf, survival] : kReferences) {
    const LogChiSquare law(k);
    EXPECT_NEAR(law.pdf(x), pdf, tolerance(law, x) * pdf) << k << " " << x;
  }
}

TEST(LogChiSquare, HasAccurateTailsFromOneToTrillionsOfDegrees) {
  for (const auto& reference : kReferences) {
    const double x = reference.x;
    const auto check = [&] {
      const LogChiSquare law(reference.k);
      EXPECT_NEAR(law.cdf(x), reference.cdf, tolerance(law, x) * reference.cdf) << reference.k << " " << x;
      EXPECT_NEAR(law.survival(x), reference.survival, tolerance(law, x) * reference.survival)
          << reference.k << " " << x;
    };
    EXPECT_NO_THROW(check()) << reference.k << " " << x;
  }
}

TEST(LogChiSquare, OfOneDegreeIsTheLawOfASquaredNormal) {
  const LogChiSquare law(1);
  for (const double z : {0.01, 0.7, 1.0, 3.0, 6.0}) {
    EXPECT_NEAR(law.survival(2 * std::log(z)), std::erfc(z / std::numbers::sqrt2),
                1e-13 * std::erfc(z / std::numbers::sqrt2))
        << z;
    EXPECT_NEAR(law.cdf(2 * std::log(z)), std::erf(z / std::numbers::sqrt2), 1e-13 * std::erf(z / std::numbers::sqrt2))
        << z;
  }
}

TEST(LogChiSquare, OfTwoDegreesIsTheLawOfAnExponential) {
  const LogChiSquare law(2);
  for (const double y : {-80.0, -3.0, 0.0, 2.0, 5.0}) {
    EXPECT_NEAR(law.survival(y), std::exp(-std::exp(y) / 2), 1e-13 * law.survival(y)) << y;
    EXPECT_NEAR(law.cdf(y), -std::expm1(-std::exp(y) / 2), 1e-13 * law.cdf(y)) << y;
    EXPECT_NEAR(law.pdf(y), std::exp(y - std::exp(y) / 2) / 2, 1e-13 * law.pdf(y)) << y;
  }
}

TEST(LogChiSquare, HasTheMomentsOfDigammaAndTrigamma) {
  constexpr double kEulerGamma = 0.57721566490153286;
  EXPECT_NEAR(LogChiSquare(2).mean(), std::numbers::ln2 - kEulerGamma, 1e-15);
  EXPECT_NEAR(LogChiSquare(1).mean(), -std::numbers::ln2 - kEulerGamma, 1e-14);
  EXPECT_NEAR(LogChiSquare(2).variance(), std::numbers::pi * std::numbers::pi / 6, 1e-14);
  EXPECT_NEAR(LogChiSquare(1).variance(), std::numbers::pi * std::numbers::pi / 2, 1e-14);
  EXPECT_NEAR(LogChiSquare(1'000'000).mean(), std::log(1e6) - 1e-6, 1e-11);
  EXPECT_NEAR(LogChiSquare(1'000'000).variance(), 2e-6, 1e-11);
}

TEST(LogChiSquare, HasNothingLeftBeyondTheRangeOfExponentials) {
  for (const std::size_t k : {std::size_t{1}, std::size_t{1'000'000'000'000}}) {
    for (const double y : {800.0, 1e300}) {
      EXPECT_EQ(LogChiSquare(k).pdf(y), 0);
      EXPECT_EQ(LogChiSquare(k).survival(y), 0);
      EXPECT_EQ(LogChiSquare(k).cdf(y), 1);
      EXPECT_EQ(LogChiSquare(k).pdf(-4 * y), 0);
      EXPECT_EQ(LogChiSquare(k).cdf(-4 * y), 0);
      EXPECT_EQ(LogChiSquare(k).survival(-4 * y), 1);
    }
  }
}

TEST(LogChiSquare, HasTheThirdCumulantOfApery) {
  constexpr double kZeta3 = 1.2020569031595942;
  EXPECT_NEAR(LogChiSquare(2).third_cumulant(), -2 * kZeta3, 1e-13);
  EXPECT_NEAR(LogChiSquare(1).third_cumulant(), -14 * kZeta3, 1e-12);
}

}  // namespace
}  // namespace initlaw
