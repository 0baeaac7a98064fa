#include "initlaw/law.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "initlaw/finite_width.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/statistics.hpp"
#include "support/infinity.hpp"

namespace initlaw {
namespace {

using support::kInfinity;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// A law of every kind.
std::vector<Law> laws() {
  return {Law::log_gaussian(-1.5, 0.4, 1), Law::log_gaussian(3, 0, 10), Law::log_gaussian(0, 12, 2),
          finite_width(vanilla({.width = 30, .depth = 20, .outputs = 2})),
          exact_fully_connected(fully_connected({.width = 8, .depth = 3, .outputs = 2}))};
}

auto message(const std::string& part) {
  return testing::Throws<std::invalid_argument>(testing::Property(&std::exception::what, testing::HasSubstr(part)));
}

/// sqrt(N) sup |F_N - F|.
double kolmogorov_statistic(std::vector<double> draws, const Law& law) {
  std::sort(draws.begin(), draws.end());
  const double n = static_cast<double>(draws.size());
  double largest = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const double F = law.cdf(draws[i]);
    largest = std::max({largest, F - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - F});
  }
  return largest * std::sqrt(n);
}

/// What the Kolmogorov statistic of samples from the law exceeds with probability 1e-4.
constexpr double kLevel1e4 = 2.2252;

TEST(Law, QuantileInvertsTheDistributionFunction) {
  for (const Law& law : laws()) {
    for (const double p : {1e-5, 0.01, 0.3, 0.5, 0.77, 0.999}) {
      EXPECT_NEAR(law.cdf(law.quantile(p)), p, 1e-10 * p);
      EXPECT_NEAR(law.survival(law.inverse_survival(p)), p, 1e-10 * p);
    }
    for (const double x : {-4.0, 0.0, 3.0}) EXPECT_NEAR(law.quantile(law.cdf(x)), x, 1e-8);
  }
}

TEST(Law, QuantileReachesTheFarTails) {
  for (const Law& law : {Law::log_gaussian(-1.5, 0.4, 1), Law::log_gaussian(0, 12, 2)}) {
    for (const double p : {1e-250, 1e-30}) {
      EXPECT_NEAR(law.cdf(law.quantile(p)) / p, 1, 1e-9);
      EXPECT_NEAR(law.survival(law.inverse_survival(p)) / p, 1, 1e-9);
    }
  }
}

TEST(Law, QuantileGrowsWithProbability) {
  for (const Law& law : laws()) {
    double last = -kInfinity;
    for (double p = 0.005; p < 1; p += 0.01) {
      EXPECT_GT(law.quantile(p), last) << p;
      last = law.quantile(p);
    }
  }
}

TEST(Law, RefusesProbabilitiesThatHaveNoQuantile) {
  const Law law = Law::log_gaussian(0, 1, 1);
  for (const double p : {-0.5, 1.5, kNaN, kInfinity}) {
    EXPECT_THROW(law.quantile(p), std::invalid_argument) << p;
    EXPECT_THROW(law.inverse_survival(p), std::invalid_argument) << p;
    EXPECT_THROW(law.output().quantile(p), std::invalid_argument) << p;
  }
  EXPECT_THAT([&] { law.quantile(-1); }, message("p: -1 is out of range [0, 1]"));
  EXPECT_THAT([&] { law.inverse_survival(kNaN); }, message("q: nan is out of range [0, 1]"));
}

TEST(Law, HasTheEndsOfTheLineAsItsFirstAndLastQuantile) {
  const Law exact = exact_fully_connected(fully_connected({.width = 5, .depth = 3}));
  for (const Law& law : {Law::log_gaussian(0, 1, 1), exact}) {
    EXPECT_EQ(law.quantile(0), -kInfinity);
    EXPECT_EQ(law.quantile(1), kInfinity);
    EXPECT_EQ(law.inverse_survival(0), kInfinity);
    EXPECT_EQ(law.inverse_survival(1), -kInfinity);
    EXPECT_EQ(law.output().quantile(0), -kInfinity);
    EXPECT_EQ(law.output().inverse_survival(0), kInfinity);
  }
}

// Null hypothesis: draws of one output have the law's distribution function. Level 1% of Kolmogorov and Smirnov.
TEST(OutputLaw, SamplesItsDistributionFunction) {
  const OutputLaw law = Law::log_gaussian(0.3, 1.5, 4).output();
  std::vector<double> draws = law.sample(20'000, 3);
  std::sort(draws.begin(), draws.end());
  double distance = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    distance = std::max(distance, std::abs(law.cdf(draws[i]) - (static_cast<double>(i) + 0.5) / 20'000));
  }
  EXPECT_LT(distance, 1.63 / std::sqrt(20'000));
  EXPECT_EQ(law.sample(5, 1), law.sample(5, 1));
  EXPECT_NE(law.sample(5, 1), law.sample(5, 2));
}

TEST(Law, RefusesParametersThatAreNoLaw) {
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    EXPECT_THAT([&] { Law::log_gaussian(bad, 1, 1); }, message("mean: "));
    EXPECT_THAT([&] { Law::log_gaussian(0, bad, 1); }, message("variance: "));
  }
  EXPECT_THAT([] { Law::log_gaussian(0, -0.25, 1); }, message("variance: -0.25"));
  EXPECT_THAT([] { Law::log_gaussian(0, 1, 0); }, message("outputs: 0"));
}

TEST(Law, SamplesFollowTheDistributionFunction) {
  for (const Law& law : laws()) EXPECT_LT(kolmogorov_statistic(law.sample(5000, 42), law), kLevel1e4);
}

TEST(Law, SamplesHaveTheLawsMoments) {
  for (const Law& law : laws()) {
    constexpr std::size_t kCount = 40'000;
    Moments moments;
    for (const double x : law.sample(kCount, 7)) moments.add(x);
    EXPECT_NEAR(moments.mean().value, law.mean(), 4.5 * moments.mean().std_error);
    EXPECT_NEAR(moments.variance().value, law.variance(), 4.5 * moments.variance().std_error);
  }
}

TEST(Law, SamplesDependOnTheSeedAlone) {
  for (const Law& law : laws()) {
    EXPECT_EQ(law.sample(50, 3), law.sample(50, 3));
    EXPECT_NE(law.sample(50, 3), law.sample(50, 4));
    EXPECT_TRUE(law.sample(0, 3).empty());
    const auto longer = law.sample(80, 3);
    EXPECT_EQ(std::vector(longer.begin(), longer.begin() + 50), law.sample(50, 3));
  }
}

TEST(Law, HasTheSecondMomentOfALogNormal) {
  const Law law = Law::log_gaussian(-1.5, 0.4, 3);
  EXPECT_NEAR(law.log_second_moment(), -1.5 + 0.2, 1e-15);
  EXPECT_NEAR(law.second_moment(), std::exp(-1.3), 1e-15);
  EXPECT_NEAR(law.log_kurtosis_ratio(), 0.4, 1e-15);
  EXPECT_EQ(law.dead_probability(), 0);
  EXPECT_EQ(law.outputs(), 3);
  EXPECT_EQ(Law::log_gaussian(2000, 0.4, 3).second_moment(), kInfinity);
  EXPECT_NEAR(Law::log_gaussian(2000, 0.4, 3).log_second_moment(), 2000.2, 1e-12);
}

struct OutputReference {
  double variance_of_L;
  double z;
  double pdf;
};

/// With 50 digits, by reference/make_reference.py.
constexpr OutputReference kOutputReferences[] = {
#include "law/reference/log_gaussian_output.inc"
};

TEST(OutputLaw, HasTheReferencesDensity) {
  for (const auto& [V, z, pdf] : kOutputReferences) {
    // The number of outputs that the network has does not matter to one of them.
    const OutputLaw output = Law::log_gaussian(0, V, 7).output();
    EXPECT_NEAR(output.pdf(z), pdf, 1e-10 * pdf) << V << " " << z;
    EXPECT_EQ(output.pdf(-z), output.pdf(z)) << V << " " << z;
  }
}

TEST(OutputLaw, IsANormalLawOfRandomVariance) {
  const double mean = -0.7;
  const double V = 0.9;
  const OutputLaw output = Law::log_gaussian(mean, V, 3).output();
  const auto average = [&](const auto& f) {
    const auto integrand = [&](double u) {
      return std::exp(-u * u / 2) / std::sqrt(2 * std::numbers::pi) * f(std::exp((mean + std::sqrt(V) * u) / 2));
    };
    double sum = 0;
    for (int i = -10; i < 10; ++i) sum += boost::math::quadrature::gauss<double, 30>::integrate(integrand, i, i + 1);
    return sum;
  };
  for (const double z : {-5.0, -0.3, 0.0, 0.01, 1.0, 8.0}) {
    const double pdf =
        average([&](double s) { return std::exp(-z * z / (2 * s * s)) / (s * std::sqrt(2 * std::numbers::pi)); });
    const double cdf = average([&](double s) { return std::erfc(-z / (s * std::numbers::sqrt2)) / 2; });
    EXPECT_NEAR(output.pdf(z), pdf, 1e-10 * pdf) << z;
    EXPECT_NEAR(output.cdf(z), cdf, 1e-10 * cdf) << z;
    EXPECT_NEAR(output.survival(z), 1 - cdf, 1e-10) << z;
  }
}

TEST(OutputLaw, HasTheMomentsOfTheLogNormalVariance) {
  const OutputLaw output = Law::log_gaussian(-0.7, 0.9, 3).output();
  EXPECT_NEAR(output.variance(), std::exp(-0.7 + 0.45), 1e-14);
  EXPECT_NEAR(output.excess_kurtosis(), 3 * std::exp(0.9) - 3, 1e-13);
  EXPECT_NEAR(Law::log_gaussian(0, 1e-9, 1).output().excess_kurtosis(), 3e-9, 1e-17);
  EXPECT_EQ(Law::log_gaussian(0, 800, 1).output().excess_kurtosis(), kInfinity);
}

TEST(OutputLaw, QuantileInvertsTheDistributionFunction) {
  for (const Law& law : laws()) {
    const OutputLaw output = law.output();
    EXPECT_EQ(output.quantile(0.5), 0);
    for (const double p : {1e-4, 0.2, 0.4999, 0.6, 0.99}) {
      EXPECT_NEAR(output.cdf(output.quantile(p)), p, 1e-10) << p;
      EXPECT_NEAR(output.quantile(1 - p), -output.quantile(p), 1e-8 * std::abs(output.quantile(p))) << p;
    }
  }
}

TEST(OutputLaw, IsSymmetric) {
  for (const Law& law : laws()) {
    const OutputLaw output = law.output();
    EXPECT_EQ(output.cdf(0), 0.5);
    for (const double z : {0.01, 1.0, 4.0}) {
      EXPECT_EQ(output.survival(z), output.cdf(-z));
      EXPECT_EQ(output.pdf(z), output.pdf(-z));
      EXPECT_NEAR(output.cdf(z) + output.cdf(-z), 1, 1e-15);
    }
  }
}

TEST(OutputLaw, IsTheLawOfTheSquaresLogarithm) {
  const OutputLaw output = Law::log_gaussian(-0.7, 0.9, 3).output();
  EXPECT_EQ(output.log_square().outputs(), 1);
  EXPECT_NEAR(output.log_square().mean(), Law::log_gaussian(-0.7, 0.9, 1).mean(), 1e-15);
}

TEST(Law, AtInfinityIsAtItsEnds) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const Law& law : {Law::log_gaussian(0, 1, 2), Law::log_gaussian(0, 0, 2),
                         exact_fully_connected(fully_connected({.width = 3, .depth = 2}))}) {
    EXPECT_EQ(law.cdf(-infinity), 0);
    EXPECT_EQ(law.cdf(infinity), 1);
    EXPECT_EQ(law.survival(-infinity), 1);
    EXPECT_EQ(law.survival(infinity), 0);
    EXPECT_EQ(law.pdf(infinity), 0);
    EXPECT_EQ(law.pdf(-infinity), 0);
    EXPECT_EQ(law.output().cdf(-infinity), 0);
    EXPECT_EQ(law.output().pdf(infinity), 0);
    EXPECT_THROW(law.cdf(std::nan("")), std::invalid_argument);
    EXPECT_THROW(law.output().pdf(std::nan("")), std::invalid_argument);
  }
}

TEST(Law, RefusesQuantilesThatItDoesNotResolveByTheArgumentAsGiven) {
  const Law exact = exact_fully_connected(fully_connected({.width = 1, .depth = 3}));
  const double almost_one = 1 - 0x1p-52;
  EXPECT_THAT([&] { exact.quantile(1e-15); }, message("p: 1e-15 "));
  EXPECT_THAT([&] { exact.quantile(almost_one); }, message("p: 0.9999999999999998 "));
  EXPECT_THAT([&] { exact.inverse_survival(1e-15); }, message("q: 1e-15 "));
  EXPECT_THAT([&] { exact.inverse_survival(almost_one); }, message("q: 0.9999999999999998 "));
  EXPECT_THAT([&] { exact.output().quantile(1e-15); }, message("p: 1e-15 "));
  EXPECT_THAT([&] { exact.output().quantile(almost_one); }, message("p: 0.9999999999999998 "));
  EXPECT_THAT([&] { exact.output().quantile(0.5 + 0x1p-52); }, message("p: 0.5000000000000002 "));
  EXPECT_LT(exact.quantile(1e-13), exact.quantile(1e-12));
  EXPECT_GT(exact.quantile(1 - 1e-13), exact.quantile(1 - 1e-12));
}

}  // namespace
}  // namespace initlaw
