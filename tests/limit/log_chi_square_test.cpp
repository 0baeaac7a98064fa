#include "limit/log_chi_square.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace initlaw {
namespace {

struct Reference {
  std::size_t k;
  double x;
  double pdf;
  double cdf;
  double survival;
};

/// With 50 digits, by reference/make_reference.py.
constexpr Reference kReferences[] = {
#include "limit/reference/log_chi_square.inc"
};

TEST(LogChiSquare, IsAccurateFromOneToTrillionsOfDegrees) {
  for (const auto& [k, x, pdf, cdf, survival] : kReferences) {
    const LogChiSquare law(k);
    // x is rounded to a double, which the law's slope at many degrees of freedom turns into an error of its own.
    const double rounding = 2e-16 * std::abs(x) * 30 * std::sqrt(static_cast<double>(k));
    const double relative = 2e-13 + rounding;
    EXPECT_NEAR(law.pdf(x), pdf, relative * pdf) << k << " " << x;
    EXPECT_NEAR(law.cdf(x), cdf, relative * cdf) << k << " " << x;
    EXPECT_NEAR(law.survival(x), survival, relative * survival) << k << " " << x;
  }
}

TEST(LogChiSquare, OfOneDegreeIsTheLawOfASquaredNormal) {
  const LogChiSquare law(1);
  for (const double z : {0.01, 0.7, 1.0, 3.0, 6.0}) {
    EXPECT_NEAR(law.survival(2 * std::log(z)), std::erfc(z / M_SQRT2), 1e-13 * std::erfc(z / M_SQRT2)) << z;
    EXPECT_NEAR(law.cdf(2 * std::log(z)), std::erf(z / M_SQRT2), 1e-13 * std::erf(z / M_SQRT2)) << z;
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
  EXPECT_NEAR(LogChiSquare(2).mean(), M_LN2 - kEulerGamma, 1e-15);
  EXPECT_NEAR(LogChiSquare(1).mean(), -M_LN2 - kEulerGamma, 1e-14);
  EXPECT_NEAR(LogChiSquare(2).variance(), M_PI * M_PI / 6, 1e-14);
  EXPECT_NEAR(LogChiSquare(1).variance(), M_PI * M_PI / 2, 1e-14);
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

}  // namespace
}  // namespace initlaw
