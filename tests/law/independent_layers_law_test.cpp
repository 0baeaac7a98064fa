#include "law/independent_layers_law.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "initlaw/limit.hpp"
#include "law/reference_points.hpp"

namespace initlaw {
namespace {

/// The law of ln||z_out||^2 of a fully connected ReLU net with input of mean square 1, at some points.
struct FullyConnectedReference {
  std::size_t width;
  std::size_t depth;
  std::size_t outputs;
  double mean;
  double variance;
  double dead_probability;
  double log_kurtosis_ratio;
  std::vector<ReferencePoint> points;
};

/// With 50 digits, by convolving the summands' densities on a grid (reference/make_reference.py).
std::vector<FullyConnectedReference> fully_connected_laws() {
  return {
#include "law/reference/fully_connected_law.inc"
  };
}

Law law_of(const FullyConnectedReference& reference) {
  return exact_fully_connected(
      fully_connected({.width = reference.width, .depth = reference.depth, .outputs = reference.outputs}));
}

TEST(FullyConnectedLaw, IsAccurateTo1e10AtSmallWidths) {
  for (const FullyConnectedReference& reference : fully_connected_laws()) {
    const Law law = law_of(reference);
    SCOPED_TRACE(testing::Message() << "width " << reference.width << " depth " << reference.depth << " outputs "
                                    << reference.outputs);
    expect_accurate(law, reference.points);
  }
}

TEST(FullyConnectedLaw, HasTheMomentsOfItsSummands) {
  for (const FullyConnectedReference& reference : fully_connected_laws()) {
    const Law law = law_of(reference);
    EXPECT_NEAR(law.mean(), reference.mean, 1e-13 * std::abs(reference.mean));
    EXPECT_NEAR(law.variance(), reference.variance, 1e-13 * reference.variance);
    EXPECT_NEAR(law.dead_probability(), reference.dead_probability, 1e-14);
  }
}

TEST(FullyConnectedLaw, KeepsTheSecondMomentAndHasTheKnownFourthOne) {
  // With dead layers E 2C/n = 1 and E (2C/n)^2 = 1 + 5/n.
  for (const FullyConnectedReference& reference : fully_connected_laws()) {
    const Law law = law_of(reference);
    EXPECT_NEAR(law.log_second_moment(), 0, 1e-13);
    EXPECT_NEAR(law.log_kurtosis_ratio(), reference.log_kurtosis_ratio, 1e-12);
    EXPECT_NEAR(law.output().variance(), 1, 1e-13);
    EXPECT_NEAR(law.output().excess_kurtosis(), 3 * std::expm1(reference.log_kurtosis_ratio),
                1e-11 * std::exp(reference.log_kurtosis_ratio));
  }
}

TEST(FullyConnectedLaw, HasADensityOfTotalOneWithItsMoments) {
  for (const auto& [n, d] : {std::pair<std::size_t, std::size_t>{4, 2}, {50, 20}, {1000, 100}}) {
    const Law law = exact_fully_connected(fully_connected({.width = n, .depth = d, .outputs = 3}));
    const double deviation = std::sqrt(law.variance());
    const auto moment = [&](int power) {
      double sum = 0;
      for (int i = -24; i < 12; ++i) {
        sum += boost::math::quadrature::gauss<double, 15>::integrate(
            [&](double x) { return std::pow(x - law.mean(), power) * law.pdf(x); }, law.mean() + i * deviation,
            law.mean() + (i + 1) * deviation);
      }
      return sum;
    };
    EXPECT_NEAR(moment(0), 1, 1e-9) << n;
    EXPECT_NEAR(moment(1), 0, 1e-8 * deviation) << n;
    EXPECT_NEAR(moment(2), law.variance(), 1e-6 * law.variance()) << n;
  }
}

TEST(FullyConnectedLaw, SplitsProbabilityBetweenCdfAndSurvival) {
  for (const FullyConnectedReference& reference : fully_connected_laws()) {
    const Law law = law_of(reference);
    const double deviation = std::sqrt(law.variance());
    double last = 0;
    for (double u = -6; u < 6; u += 0.31) {
      const double x = law.mean() + u * deviation;
      EXPECT_NEAR(law.cdf(x) + law.survival(x), 1, 1e-12);
      EXPECT_GE(law.cdf(x), last - 1e-12) << u;
      last = law.cdf(x);
    }
  }
}

TEST(FullyConnectedLaw, IsContinuousWhereItTakesOverFromAnotherLine) {
  // The cdf below the mean and the one above it come from different integrals.
  const std::size_t sizes[][3] = {{1, 1, 1},       {2, 30, 1},     {10, 1000, 3},     {1000, 10, 1},
                                  {300, 300, 500}, {5, 2, 10'000}, {100'000, 100, 2}, {1'000'000'000, 50, 1}};
  for (const auto& [n, d, k] : sizes) {
    const Law law = exact_fully_connected(fully_connected({.width = n, .depth = d, .outputs = k}));
    const double step = 1e-9 * std::sqrt(law.variance());
    const double rise = law.cdf(law.mean() + step) - law.cdf(law.mean() - step);
    EXPECT_NEAR(rise, 2 * step * law.pdf(law.mean()), 2e-12) << n << " " << d << " " << k;
  }
}

TEST(FullyConnectedLaw, TendsToTheLogGaussianLawAsTheWidthGrows) {
  // At d = n/2 the distance falls like 1/n.
  const auto distance = [](std::size_t n) {
    const Network network = fully_connected({.width = n, .depth = n / 2});
    const Law exact = exact_fully_connected(network);
    const Law limit = infinite_depth_and_width(network);
    double largest = 0;
    for (double x = -12; x < 5; x += 0.25) largest = std::max(largest, std::abs(exact.cdf(x) - limit.cdf(x)));
    return largest;
  };
  const double at_50 = distance(50);
  const double at_200 = distance(200);
  const double at_800 = distance(800);
  EXPECT_LT(at_50, 0.02);
  EXPECT_NEAR(at_50 / at_200, 4, 1);
  EXPECT_NEAR(at_200 / at_800, 4, 0.5);
}

TEST(FullyConnectedLaw, HasTheLimitsParametersToLeadingOrder) {
  const Network network = fully_connected({.width = 100'000, .depth = 20'000});
  const Law exact = exact_fully_connected(network);
  const Law limit = infinite_depth_and_width(network);
  EXPECT_NEAR(exact.mean(), limit.mean(), 1e-4);
  EXPECT_NEAR(exact.variance(), limit.variance(), 1e-4);
  EXPECT_NEAR(exact.cdf(0.3), limit.cdf(0.3), 1e-4);
  EXPECT_LT(exact.dead_probability(), 1e-300);
}

TEST(ReluLayerLaw, HasTheFirstTwoMomentsOfATwoPointMixture) {
  // Width 2, alive: one active neuron with probability 2/3, two with 1/3.
  const ReluLayerLaw law(2);
  constexpr double kEulerGamma = 0.57721566490153286;
  const double one = -kEulerGamma - 2 * std::numbers::ln2;  // digamma(1/2)
  const double two = -kEulerGamma;                          // digamma(1)
  const double mean = (2 * one + two) / 3;
  EXPECT_NEAR(law.mean(), mean + std::numbers::ln2, 1e-14);
  const double between = 2.0 / 9 * (one - two) * (one - two);
  EXPECT_NEAR(law.variance(),
              (2 * std::numbers::pi * std::numbers::pi / 2 + std::numbers::pi * std::numbers::pi / 6) / 3 + between,
              1e-13);
  EXPECT_NEAR(law.log_alive(), std::log(0.75), 1e-15);
  EXPECT_EQ(law.smallest_degrees(), 1);
}

TEST(ReluLayerLaw, HasTheTransformOfAChiSquareMixture) {
  // E (2C/n) = 1/P(alive), E (2C/n)^2 = (1 + 5/n)/P(alive).
  for (const std::size_t n : {1, 2, 7, 60, 1000, 100'000}) {
    const ReluLayerLaw law(n);
    EXPECT_NEAR(law.log_transform(0).real(), 0, 1e-14) << n;
    EXPECT_NEAR(law.log_transform(1).real() + law.log_alive(), 0, 1e-13) << n;
    EXPECT_NEAR(law.log_transform(2).real() + law.log_alive(), std::log1p(5 / static_cast<double>(n)), 1e-13) << n;
  }
}

TEST(ReluLayerLaw, HasItsLogarithmsMomentsAsSlopesOfTheTransform) {
  for (const std::size_t n : {3, 60, 100'000}) {
    const ReluLayerLaw law(n);
    const double step = 1e-3 * std::sqrt(static_cast<double>(n));
    const double up = law.log_transform(step).real();
    const double down = law.log_transform(-step).real();
    EXPECT_NEAR((up - down) / (2 * step), law.mean(), 3e-5 / static_cast<double>(n)) << n;
    EXPECT_NEAR((up + down) / (step * step), law.variance(), 3e-4 * law.variance()) << n;
  }
}

}  // namespace
}  // namespace initlaw
