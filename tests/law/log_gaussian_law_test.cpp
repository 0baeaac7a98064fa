#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "initlaw/law.hpp"
#include "law/reference_points.hpp"
#include "support/infinity.hpp"

namespace initlaw {
namespace {

using support::kInfinity;

/// The law of N(0, variance) + ln chi^2_outputs at some points, with 18 digits.
struct LogGaussianReference {
  double variance_of_L;
  std::size_t outputs;
  double mean;
  double variance;
  std::vector<ReferencePoint> points;
};

/// By averaging the normal distribution function over chi^2 with 50 digits (reference/make_reference.py).
std::vector<LogGaussianReference> log_gaussians() {
  return {
#include "law/reference/log_gaussian_law.inc"
  };
}

/// The integral of f over a law of this mean and deviation, out to 40 deviations.
template <typename Function>
double integrate(const Function& f, double mean, double deviation) {
  double sum = 0;
  for (int i = -40; i < 40; ++i) {
    sum += boost::math::quadrature::gauss<double, 20>::integrate(f, mean + i * deviation, mean + (i + 1) * deviation);
  }
  return sum;
}

TEST(LogGaussianLaw, IsAccurateTo1e10FarIntoTheTails) {
  for (const auto& reference : log_gaussians()) {
    const Law law = Law::log_gaussian(0, reference.variance_of_L, reference.outputs);
    SCOPED_TRACE(testing::Message() << "V " << reference.variance_of_L << " outputs " << reference.outputs);
    expect_accurate(law, reference.points);
  }
}

TEST(LogGaussianLaw, HasTheReferencesMoments) {
  for (const auto& reference : log_gaussians()) {
    const Law law = Law::log_gaussian(0, reference.variance_of_L, reference.outputs);
    EXPECT_NEAR(law.mean(), reference.mean, 1e-14 * (1 + std::abs(reference.mean)));
    EXPECT_NEAR(law.variance(), reference.variance, 1e-14 * reference.variance);
  }
}

TEST(LogGaussianLaw, InvertsTheReferencesDistributionFunction) {
  for (const auto& reference : log_gaussians()) {
    const Law law = Law::log_gaussian(0, reference.variance_of_L, reference.outputs);
    for (const auto& [x, pdf, cdf, survival] : reference.points) {
      // A relative error of 1e-10 in the tail moves x by 1e-10 tail/pdf.
      const double tolerance = 1e-13 * std::abs(x) + 1e-10 * std::min(cdf, survival) / pdf;
      const double found = cdf < survival ? law.quantile(cdf) : law.inverse_survival(survival);
      EXPECT_NEAR(found, x, tolerance) << reference.variance_of_L << " " << reference.outputs;
    }
  }
}

TEST(LogGaussianLaw, HasADensityOfTotalOneWithItsMoments) {
  for (const double V : {0.0, 0.01, 1.0, 30.0}) {
    for (const std::size_t k : {1, 10, 1000}) {
      const Law law = Law::log_gaussian(-2, V, k);
      const double m = law.mean();
      const double deviation = std::sqrt(law.variance());
      const auto moment = [&](int power) {
        return integrate([&](double x) { return std::pow(x - m, power) * law.pdf(x); }, m, deviation);
      };
      EXPECT_NEAR(moment(0), 1, 1e-8) << V << " " << k;
      EXPECT_NEAR(moment(1), 0, 1e-7 * deviation) << V << " " << k;
      EXPECT_NEAR(moment(2), law.variance(), 1e-6 * law.variance()) << V << " " << k;
      const double second =
          integrate([&](double x) { return std::exp(x) * law.pdf(x); }, m + (V > 2 ? V : 0), deviation);
      EXPECT_NEAR(second / static_cast<double>(k), law.second_moment(), 1e-8 * law.second_moment()) << V << " " << k;
    }
  }
}

TEST(LogGaussianLaw, HasTheDistributionFunctionsSlopeForDensity) {
  const Law law = Law::log_gaussian(1.5, 0.8, 4);
  const double step = 1e-3;
  for (const double x : {-5.0, -1.0, 2.0, 4.0, 6.0}) {
    const double slope =
        (8 * (law.cdf(x + step) - law.cdf(x - step)) - (law.cdf(x + 2 * step) - law.cdf(x - 2 * step))) / (12 * step);
    EXPECT_NEAR(law.pdf(x), slope, 1e-11) << x;
  }
}

TEST(LogGaussianLaw, HasThePowerLawOfAFewOutputsFarOnTheLeft) {
  // ln chi^2_k has the distribution function e^{ky/2}/(2^{k/2} Gamma(k/2 + 1)) there, and E e^{-kL/2} = e^{k^2 V/8}.
  for (const double V : {0.01, 1.0, 30.0}) {
    for (const double x : {-300.0, -700.0, -1200.0}) {
      const Law law = Law::log_gaussian(0, V, 1);
      const double cdf = std::sqrt(2 / std::numbers::pi) * std::exp(x / 2 + V / 8);
      EXPECT_NO_THROW(EXPECT_NEAR(law.cdf(x), cdf, 1e-10 * cdf)) << V << " " << x;
      EXPECT_NO_THROW(EXPECT_NEAR(law.pdf(x), cdf / 2, 1e-10 * cdf)) << V << " " << x;
    }
  }
}

TEST(LogGaussianLaw, SplitsProbabilityBetweenCdfAndSurvival) {
  for (const double V : {0.0, 1e-6, 1.0, 30.0}) {
    const Law law = Law::log_gaussian(3, V, 2);
    for (double x = -30; x < 30; x += 1.7) EXPECT_NEAR(law.cdf(x) + law.survival(x), 1, 1e-10) << V << " " << x;
  }
}

TEST(LogGaussianLaw, MovesWithItsMean) {
  const Law law = Law::log_gaussian(0, 0.7, 3);
  const Law moved = Law::log_gaussian(512, 0.7, 3);
  for (const double x : {-8.0, 0.0, 1.0, 5.0}) {
    EXPECT_NEAR(moved.pdf(512 + x), law.pdf(x), 1e-13 * law.pdf(x));
    EXPECT_NEAR(moved.cdf(512 + x), law.cdf(x), 1e-13 * law.cdf(x));
  }
  EXPECT_NEAR(moved.quantile(0.3), 512 + law.quantile(0.3), 1e-12);
}

TEST(LogGaussianLaw, OfVanishingVarianceIsThatOfNone) {
  for (const double x : {-10.0, 0.5, 3.0}) {
    EXPECT_NEAR(Law::log_gaussian(0, 1e-16, 3).cdf(x), Law::log_gaussian(0, 0, 3).cdf(x), 1e-13);
    EXPECT_NEAR(Law::log_gaussian(0, 1e-300, 3).pdf(x), Law::log_gaussian(0, 0, 3).pdf(x), 1e-13);
  }
}

TEST(LogGaussianLaw, OfHugeVarianceIsNormal) {
  const Law law = Law::log_gaussian(0, 1e8, 1);
  for (const double u : {-3.0, 0.0, 2.0}) {
    EXPECT_NEAR(law.cdf(std::sqrt(law.variance()) * u + law.mean()), std::erfc(-u / std::numbers::sqrt2) / 2, 1e-10)
        << u;
  }
}

TEST(LogGaussianLaw, StaysFiniteFarOutside) {
  for (const double V : {0.0, 0.01, 5.0}) {
    for (const std::size_t k : {std::size_t{1}, std::size_t{1000}, std::size_t{1'000'000'000}}) {
      const Law law = Law::log_gaussian(0, V, k);
      for (const double x : {-kInfinity, -1e300, -1e6, 1e3, 1e6, 1e300, kInfinity}) {
        const auto where = testing::Message() << "V " << V << " outputs " << k << " x " << x;
        const auto check = [&] {
          EXPECT_EQ(law.pdf(x), 0) << where;
          EXPECT_NEAR(law.cdf(x), x < 0 ? 0 : 1, 1e-10) << where;
          EXPECT_NEAR(law.survival(x), x < 0 ? 1 : 0, 1e-10) << where;
        };
        EXPECT_NO_THROW(check()) << where;
      }
    }
  }
}

}  // namespace
}  // namespace initlaw
