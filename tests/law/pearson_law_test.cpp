#include "law/pearson_law.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <vector>

#include "law/reference_points.hpp"

namespace initlaw {
namespace {

PearsonLaw pearson(double variance, double skewness, std::size_t outputs) {
  return PearsonLaw({.mean = 0, .variance = variance, .third = skewness * std::pow(variance, 1.5), .fourth = 0},
                    outputs);
}

/// The law of L + ln chi^2_outputs at some points, with 18 digits; L has mean 0 and a shifted gamma law.
struct PearsonReference {
  double variance_of_L;
  double skewness;
  std::size_t outputs;
  std::vector<ReferencePoint> points;
};

/// Integrated over the gamma variable with 20 digits (reference/make_reference.py).
std::vector<PearsonReference> pearson_references() {
  return {
#include "law/reference/pearson_law.inc"
  };
}

TEST(PearsonLaw, IsAccurateTo1e10FarIntoTheTails) {
  for (const auto& reference : pearson_references()) {
    const PearsonLaw law = pearson(reference.variance_of_L, reference.skewness, reference.outputs);
    SCOPED_TRACE(testing::Message() << "V " << reference.variance_of_L << " skewness " << reference.skewness
                                    << " outputs " << reference.outputs);
    expect_accurate(law, reference.points);
  }
}

// To first order in the skewness s the density of U is phi(u) (1 + s (u^3 - 3u)/6).
TEST(PearsonLaw, LosesNoDigitsAsTheSkewnessVanishes) {
  for (const std::size_t k : {1, 10, 1000}) {
    for (const double V : {0.01, 2.8, 100.0}) {
      const PearsonLaw normal = pearson(V, 0, k);
      for (const double u : {-8.0, -2.0, 0.4, 3.0, 8.0}) {
        const double x = normal.mean() + u * std::sqrt(normal.variance());
        for (const auto value : {&PearsonLaw::pdf, &PearsonLaw::cdf, &PearsonLaw::survival}) {
          const double at_rest = (normal.*value)(x);
          // Differences on either side, which at 1e-12 would drown if digits were lost.
          const double slope = ((pearson(V, 1e-6, k).*value)(x) - (pearson(V, -1e-6, k).*value)(x)) / 2e-6;
          for (const double skewness : {1e-12, -1e-9, 1e-8, -1e-24, 1e-160}) {
            EXPECT_NEAR((pearson(V, skewness, k).*value)(x), at_rest + skewness * slope, 3e-12 * at_rest)
                << "V " << V << " outputs " << k << " u " << u << " skewness " << skewness;
          }
        }
      }
    }
  }
}

TEST(PearsonLaw, HasItsCumulants) {
  for (const double skewness : {-1.8, -0.2, 0.3, 1.8}) {
    const StandardPearson pearson(skewness);
    const auto moment = [&](int power) {
      double sum = 0;
      for (int i = -60; i < 60; ++i) {
        sum += boost::math::quadrature::gauss<double, 20>::integrate(
            [&](double v) { return std::pow(pearson.u(v), power) * pearson.pdf(v); }, i, i + 1);
      }
      return sum;
    };
    EXPECT_NEAR(moment(0), 1, 1e-10) << skewness;
    EXPECT_NEAR(moment(1), 0, 1e-10) << skewness;
    EXPECT_NEAR(moment(2), 1, 1e-10) << skewness;
    EXPECT_NEAR(moment(3), skewness, 1e-9) << skewness;
    EXPECT_NEAR(moment(4), 3 + 1.5 * skewness * skewness, 1e-9) << skewness;
  }
}

// The density at 0 of one output is E e^{-L/2}/sqrt(2 pi), and that of ln z^2 far on the left has the same factor.
TEST(PearsonLaw, HasThePowerLawOfOneOutputFarOnTheLeft) {
  for (const double skewness : {-0.8, -1e-3, 0.0, 0.5, 2.0}) {
    const PearsonLaw law = pearson(1.3, skewness, 1);
    const double at_zero = std::exp(law.log_scale_moment(-0.5)) / std::sqrt(2 * std::numbers::pi);
    EXPECT_NEAR(law.pdf(-200) * std::exp(100), at_zero, 1e-10 * at_zero) << skewness;
  }
  // Where L's lower tail is the heavier one there is no such density.
  EXPECT_TRUE(std::isinf(pearson(5.0, -1.9, 1).log_scale_moment(-0.5)));
}

// H0: draws have the law's distribution function; at level 1e-4, sqrt(N) sup |F_N - F| stays below 2.2252. A skewness
// of the wrong sign moves it to 20 at least, a skewness of 0 to 10.
TEST(PearsonLaw, HasTheDrawsOfItsDistributionFunction) {
  for (const double skewness : {-1.2, 0.8, 1e-7}) {
    const StandardPearson pearson(skewness);
    std::mt19937_64 generator(20);
    std::vector<double> draws(100'000);
    for (double& draw : draws) draw = pearson.sample(generator);
    std::sort(draws.begin(), draws.end());
    const double n = static_cast<double>(draws.size());
    double largest = 0;
    for (std::size_t i = 0; i < draws.size(); ++i) {
      const double v = skewness == 1e-7 ? draws[i] : std::log1p(skewness / 2 * draws[i]) / (skewness / 2);
      const double F = pearson.cdf(v);
      largest = std::max({largest, F - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - F});
    }
    EXPECT_LT(largest * std::sqrt(n), 2.2252) << skewness;
  }
}

TEST(PearsonLaw, StaysFiniteFarOutside) {
  for (const double V : {0.01, 5.0, 400.0}) {
    for (const double skewness : {-3.0, -0.1, 0.1, 3.0}) {
      for (const std::size_t k : {std::size_t{1}, std::size_t{1000}, std::size_t{1'000'000'000}}) {
        const PearsonLaw law = pearson(V, skewness, k);
        for (const double x : {-1e300, -1e6, 1e6, 1e300}) {
          const auto where = testing::Message() << "V " << V << " skewness " << skewness << " k " << k << " x " << x;
          EXPECT_EQ(law.pdf(x), 0) << where;
          EXPECT_NEAR(law.cdf(x), x < 0 ? 0 : 1, 1e-10) << where;
          EXPECT_NEAR(law.survival(x), x < 0 ? 1 : 0, 1e-10) << where;
        }
      }
    }
  }
}

}  // namespace
}  // namespace initlaw
