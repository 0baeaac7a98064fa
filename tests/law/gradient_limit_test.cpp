#include "initlaw/gradient_limit.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/statistics.hpp"
#include "law/gradient_functional.hpp"
#include "network/network_scales.hpp"
#include "support/sanitized.hpp"

namespace initlaw {
namespace {

using Complex = std::complex<double>;

Network vanilla_of(double alpha2, std::size_t width, std::size_t depth) {
  return vanilla({.width = width, .depth = depth, .alpha = std::sqrt(alpha2), .lambda = std::sqrt(1 - alpha2)});
}

/// Networks of every kind that the law is for.
std::vector<Network> networks() {
  return {fully_connected({.width = 100, .depth = 50}),
          fully_connected({.width = std::vector<std::size_t>{50, 80, 120, 60, 90, 70}, .depth = 5}),
          vanilla_of(0.5, 100, 50),
          vanilla_of(0.9, 100, 5),
          balanced({.width = 100, .depth = 50}),
          vanilla_of(0.64, 100, 60).with_flip(0.1),
          vanilla({.width = 100, .depth = 30, .leak = 0.3, .branch_depth = 3}),
          vanilla({.width = 100,
                   .depth = 4,
                   .alpha = std::vector{0.9, -0.5, 0.0, 1.1},
                   .lambda = std::vector{0.4, 0.8, 1.0, -0.3}}),
          stable({.width = 100, .depth = 40, .residual_scale = 2})};
}

GradientStep total(const std::vector<GradientStep>& steps) {
  GradientStep sum;
  for (const GradientStep& step : steps) sum.add(step, 1);
  return sum;
}

struct Rates {
  double alpha2, m, v, sigma2, c, C, D0;
};

// The rates per unit of d/n far from the ends, with every digit that they were derived to.
TEST(GradientSteps, HaveTheRatesOfTheStationaryNet) {
  const Rates table[] = {{0, -2.5, 5, 5, 1, 2, -4.5},
                         {0.3, -2.4633674194, 6.3951255705, 4.3267918172, 1.9583907317, 2.2183674194, -3.6475679621},
                         {0.5, -1.9838606340, 5.4424780429, 3.4323061560, 1.7247567748, 1.8588606340, -2.8376353246},
                         {0.8, -0.9192084627, 2.6540300951, 1.5931765782, 0.8556131697, 0.8992084627, -1.2879901670}};
  for (const Rates& rates : table) {
    const GradientStep step = gradient_steps(vanilla_of(rates.alpha2, 1000, 2000))[1000];
    EXPECT_NEAR(1000 * step.Y_mean, rates.m, 1e-9);
    EXPECT_NEAR(1000 * step.Y_variance, rates.v, 1e-9);
    EXPECT_NEAR(1000 * step.E_variance, rates.sigma2, 1e-9);
    EXPECT_NEAR(1000 * step.covariance, rates.c, 1e-9);
    EXPECT_NEAR(1000 * step.overlap, rates.C, 1e-9);
    EXPECT_NEAR(1000 * step.E_mean, rates.D0, 1e-9);
  }
}

// What the drift of E is was derived neuron by neuron; that E e^X grows as E e^Y does is a theorem. The two say the
// same in every layer, though their terms differ.
TEST(GradientSteps, KeepTheMeanEnergyOfTheForwardPass) {
  for (const Network& network : networks()) {
    for (const GradientStep& step : gradient_steps(network)) {
      EXPECT_NEAR(step.E_mean + step.E_variance / 2 + step.overlap, step.Y_mean + step.Y_variance / 2, 1e-14);
    }
  }
}

TEST(GradientSteps, AddUpToTheForwardLaw) {
  for (const Network& network : networks()) {
    const GradientStep sum = total(gradient_steps(network));
    const auto by_layer = log_gaussian_growth_by_layer(network);
    double log_scale = 0;
    for (std::size_t l = 1; l <= network.depth(); ++l) log_scale += layer_scale(network, l).log_r2;
    EXPECT_NEAR(sum.Y_mean, by_layer.back().mean - by_layer.front().mean - log_scale, 1e-12);
    EXPECT_NEAR(sum.Y_variance, by_layer.back().variance - by_layer.front().variance, 1e-12);
  }
}

TEST(GradientSteps, OfConstantSchedulesAreTheStationaryOnes) {
  const Network constant =
      vanilla({.width = 50, .depth = 30, .alpha = 0.8, .lambda = 0.5, .leak = 0.2}).with_flip(0.03);
  const Network scheduled = vanilla({.width = 50,
                                     .depth = 30,
                                     .alpha = std::vector<double>(30, 0.8),
                                     .lambda = std::vector<double>(30, 0.5),
                                     .leak = 0.2})
                                .with_flip(0.03);
  const auto expected = gradient_steps(constant);
  const auto steps = gradient_steps(scheduled);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_NEAR(steps[i].E_mean, expected[i].E_mean, 1e-15);
    EXPECT_NEAR(steps[i].E_variance, expected[i].E_variance, 1e-15);
    EXPECT_NEAR(steps[i].covariance, expected[i].covariance, 1e-15);
    EXPECT_NEAR(steps[i].overlap, expected[i].overlap, 1e-15);
  }
}

// E e^X = E e^Y exactly, whatever the network.
TEST(GradientTransform, HasTheExactMeanEnergy) {
  for (const Network& network : networks()) {
    const auto steps = gradient_steps(network);
    const GradientStep sum = total(steps);
    const Complex one = 1;
    const Complex value = gradient_transform(steps, {&one, 1})[0];
    EXPECT_NEAR(value.real() / std::exp(sum.Y_mean + sum.Y_variance / 2), 1, 1e-8);
    EXPECT_NEAR(value.imag(), 0, 1e-12);
  }
}

// Without skip path X is plain Gaussian, though neither E nor the overlap's part is near it.
TEST(GradientLaw, OfFullyConnectedNetsIsGaussian) {
  struct Case {
    std::size_t width, depth;
    double error;
  };
  for (const auto& [width, depth, error] : {Case{100'000, 1, 1e-8}, Case{1000, 20, 1e-8}, Case{1000, 500, 1e-8},
                                            Case{1000, 2000, 1e-8}, Case{100, 5000, 1e-6}, Case{1, 100'000, 1e-6}}) {
    const double ratio = static_cast<double>(depth) / static_cast<double>(width);
    const double deviation = std::sqrt(5 * ratio);
    const auto limit = gradient_limit(fully_connected({.width = width, .depth = depth}));
    const GradientLaw& law = limit.random;
    EXPECT_NEAR((law.mean() + 2.5 * ratio) / deviation, 0, error) << ratio;
    EXPECT_NEAR(law.variance() / (5 * ratio), 1, error) << ratio;
    EXPECT_NEAR(limit.orthogonal.mean() / (-4.5 * ratio), 1, 1e-12);
    if (ratio >= 50) {  // X = Y + ln theta - D, D at rest with shape 1/2 + s under the tilt by e^{sY}
      const double covariance = 5 * ratio - std::numbers::pi * std::numbers::pi / 2;  // trigamma(1/2)
      const double G_deviation = std::sqrt(5 * ratio + 2 / static_cast<double>(width));
      EXPECT_NEAR(law.correlation_with_growth(), covariance / (deviation * G_deviation), error) << ratio;
    }
    for (const double u : {-4.0, -2.0, -0.5, 0.0, 1.0, 3.0}) {
      const double x = law.mean() + u * deviation;
      EXPECT_NEAR(law.cdf(x), std::erfc(-u / std::numbers::sqrt2) / 2, error) << ratio;
      const double density = std::exp(-u * u / 2) / std::sqrt(2 * std::numbers::pi);
      EXPECT_NEAR(law.pdf(x) * deviation, density, error) << ratio;
    }
  }
}

// Layers of equal rates, of which Y - E gets this variance altogether.
std::vector<GradientStep> equal_layers(std::size_t count, double variance) {
  const Rates rates{0.5, -1.9838606340, 5.4424780429, 3.4323061560, 1.7247567748, 1.8588606340, -2.8376353246};
  const GradientStep layer{.E_mean = rates.D0,
                           .E_variance = rates.sigma2,
                           .Y_mean = rates.m,
                           .Y_variance = rates.v,
                           .covariance = rates.c,
                           .overlap = rates.C};
  GradientStep scaled;
  scaled.add(layer, variance / layer.variance_of_difference() / static_cast<double>(count));
  return std::vector<GradientStep>(count, scaled);
}

// The closed form for little variance and the equation for more share no line, and say the same where they meet.
TEST(GradientTransform, IsContinuousWhereTheMethodChanges) {
  for (const std::size_t layers : {1, 2, 7, 100}) {
    const auto below = equal_layers(layers, 0.01 * (1 - 1e-9));
    const auto above = equal_layers(layers, 0.01 * (1 + 1e-9));
    const double deviation = std::sqrt(total(below).E_variance);
    std::vector<Complex> q;
    for (const double u : {0.3, 1.0, 2.0, 4.0}) q.emplace_back(0, u / deviation);
    q.emplace_back(0.3 / deviation);
    q.emplace_back(-0.3 / deviation);
    const auto closed = gradient_transform(below, q);
    const auto solved = gradient_transform(above, q);
    for (std::size_t j = 0; j < q.size(); ++j) EXPECT_LT(std::abs(closed[j] - solved[j]), 2e-8) << layers << q[j];
  }
}

// After a long path D = ln theta + Y - X has forgotten its start, and e^D has the gamma distribution in which it rests:
// of shape k = 2 (drift)/(variance) and rate 2C/(variance), the drift being that of Y - E under the tilt by e^{qY}.
TEST(GradientTransform, OfALongPathIsThatOfDAtRest) {
  for (const double W : {1200.0, 1e6}) {
    const auto layers = equal_layers(1000, W);
    const GradientStep sum = total(layers);
    std::vector<Complex> arguments;
    for (const double u : {-0.5, 0.5, 1.0}) arguments.emplace_back(u / std::sqrt(sum.Y_variance));
    const std::vector<Complex> values = gradient_transform(layers, arguments);
    for (std::size_t j = 0; j < values.size(); ++j) {
      const double q = arguments[j].real();
      const double k = 2 * (sum.Y_mean - sum.E_mean + q * (sum.Y_variance - sum.covariance)) / W;
      const double at_rest = q * std::log(2 * sum.overlap / W) + std::lgamma(k - q) - std::lgamma(k);
      const double start = q * std::numbers::ln2 + std::lgamma(q + 0.5) - std::lgamma(0.5);
      const double growth = q * sum.Y_mean + q * q * sum.Y_variance / 2;
      EXPECT_NEAR(std::log(values[j].real()), growth + start + at_rest, 1e-6) << W;
    }
  }
}

// Against the functional of simulated Brownian motions, in which the integral is a trapezoidal sum over 400 steps. Null
// hypothesis: the same mean, variance, correlation and distribution; rejected at 4.5 standard errors. The steps' own
// error is 10^-5.
TEST(GradientLaw, IsThatOfSimulatedBrownianMotions) {
  const Network network = vanilla_of(0.5, 1'000'000, 1'500'000);
  const GradientLimit limit = gradient_limit(network);
  constexpr int kPaths = 40'000, kSteps = 400;
  const double V = limit.norm_variance, sigma2 = limit.gradient_variance, c = limit.covariance;
  std::mt19937_64 generator(1);
  std::normal_distribution<double> normal;
  Moments growth, below;
  JointMoments joint;
  const double x = limit.random.quantile(0.1);
  for (int path = 0; path < kPaths; ++path) {
    const double t = normal(generator);
    double E = 0, Y = 0, integral = 0.5;
    for (int step = 0; step < kSteps; ++step) {
      const double u = normal(generator), w = normal(generator);
      E += limit.gradient_mean / kSteps + std::sqrt(sigma2 / kSteps) * u;
      Y += limit.norm_mean / kSteps + c / std::sqrt(sigma2 * kSteps) * u + std::sqrt((V - c * c / sigma2) / kSteps) * w;
      integral += (step + 1 < kSteps ? 1 : 0.5) * std::exp(Y - E);
    }
    const double X = E + std::log1p(limit.overlap * t * t * integral / kSteps);
    growth.add(X);
    joint.add(X, Y);
    below.add(X < x ? 1 : 0);
  }
  const auto near = [](const Estimate& estimate, double expected) {
    EXPECT_LT(std::abs(estimate.value - expected), 4.5 * estimate.std_error) << expected;
  };
  near(growth.mean(), limit.random.mean());
  near(growth.variance(), limit.random.variance());
  near(joint.correlation(), limit.random.correlation_with_growth());
  near(below.mean(), 0.1);
}

// Simulations with weight matrices' law at n = 400, alpha^2 = 1/2, from a prototype that shares no code with this one.
// Their deviation from the limit is of order 1/n.
TEST(GradientLimit, IsNearKnownSimulations) {
  const GradientLimit shallow = gradient_limit(vanilla_of(0.5, 400, 40));
  EXPECT_NEAR(shallow.random.mean(), -0.1144, 4 * 0.0030);
  EXPECT_NEAR(shallow.random.variance(), 0.3557, 4 * 0.0025);
  EXPECT_NEAR(shallow.orthogonal.mean(), -0.283, 4 * 0.003);
  EXPECT_NEAR(shallow.orthogonal.variance(), 0.335, 4 * 0.002);
  const GradientLimit deep = gradient_limit(vanilla_of(0.5, 400, 200));
  EXPECT_NEAR(deep.random.mean(), -0.681, 4 * 0.010);
  EXPECT_NEAR(deep.random.variance(), 1.989, 4 * 0.020);
  EXPECT_NEAR(deep.random.correlation_with_growth(), 0.555, 0.01);
}

TEST(GradientLaw, IsConsistentInItself) {
  for (const Network& network : networks()) {
    const GradientLimit limit = gradient_limit(network);
    for (const GradientLaw* law : {&limit.random, &limit.orthogonal}) {
      const double deviation = std::sqrt(law->variance());
      double mass = 0, mean = 0, square = 0;
      const double step = 0.1;
      for (double u = -10; u < 10; u += step) {
        const double f = law->pdf(law->mean() + u * deviation) * deviation * step;
        mass += f;
        mean += f * u;
        square += f * u * u;
        const double x = law->mean() + u * deviation;
        const double difference = law->cdf(x + 1e-3 * deviation) - law->cdf(x - 1e-3 * deviation);
        EXPECT_NEAR(difference / 2e-3, law->pdf(x) * deviation, 1e-6);
      }
      EXPECT_NEAR(mass, 1, 1e-9);
      EXPECT_NEAR(mean, 0, 1e-8);
      EXPECT_NEAR(square, 1, 1e-7);
      for (const double p : {1e-6, 0.01, 0.5, 0.999}) EXPECT_NEAR(law->cdf(law->quantile(p)), p, 1e-12);
      EXPECT_EQ(law->cdf(1e9), 1);
      EXPECT_EQ(law->cdf(-std::numeric_limits<double>::infinity()), 0);
      EXPECT_EQ(law->pdf(1e9), 0);
    }
  }
}

/// Every parameter at its ends.
std::vector<Network> extreme_networks() {
  const double kSmall = 1e-9;
  std::vector<double> with_zeros(300, 0.4);
  for (std::size_t l = 0; l < with_zeros.size(); ++l) {
    if (l % 3 != 1) with_zeros[l] = 0;
  }
  std::vector<double> changes_of_sign(60, 1);
  for (std::size_t l = 0; l < changes_of_sign.size(); l += 7) changes_of_sign[l] = -0.9;
  std::vector<Network> all = {
      stable({.width = 1000, .depth = 100, .residual_scale = 0.05}),
      stable({.width = 100'000, .depth = 1, .residual_scale = kSmall}),
      stable({.width = 100'000, .depth = 100'000, .residual_scale = 1e-3}),
      stable({.width = 4, .depth = 3, .residual_scale = 1e3, .leak = 0.01, .branch_depth = 4}),
      vanilla({.width = 4, .depth = 3, .lambda = kSmall}),
      vanilla({.width = 10'000, .depth = 1}),
      vanilla({.width = 1, .depth = 1}),
      vanilla({.width = 1, .depth = 100'000}),
      vanilla({.width = 100, .depth = 1000}).with_flip(0.3),
      vanilla({.width = 10, .depth = 30, .alpha = 0, .lambda = 1e3}),
      vanilla({.width = 10, .depth = 30, .alpha = 1e3, .lambda = 1e-3, .leak = -1}),
      vanilla({.width = 10, .depth = 30, .alpha = 1, .lambda = 1, .leak = 1, .branch_depth = 3}),
      vanilla({.width = 30, .depth = 300, .alpha = 1, .lambda = with_zeros}),
      vanilla({.width = 30, .depth = 60, .alpha = changes_of_sign, .lambda = 0.4}),
      vanilla({.width = 3, .depth = 60, .alpha = changes_of_sign, .lambda = 0.1}),
      balanced({.width = 3, .depth = 100, .alpha = -0.9, .lambda = 0.3, .branch_depth = 2}),
      fully_connected({.width = std::vector<std::size_t>{1, 100'000, 3, 7}, .depth = 3, .leak = -0.5})};
  return all;
}

TEST(GradientLaw, OfEveryNetworkIsALaw) {
  for (const Network& network : extreme_networks()) {
    SCOPED_TRACE(to_json(network));
    const GradientLimit limit = gradient_limit(network);
    for (const GradientLaw* law : {&limit.random, &limit.orthogonal}) {
      const double deviation = std::sqrt(law->variance());
      // What a double holds of x, in standard deviations.
      const double rounding = 4 * std::numeric_limits<double>::epsilon() * std::abs(law->mean()) / deviation;
      ASSERT_GT(deviation, 0);
      ASSERT_TRUE(std::isfinite(law->mean()) && std::isfinite(deviation));
      EXPECT_LE(std::abs(law->correlation_with_growth()), 1);
      double mass = 0, mean = 0, square = 0, below = 0;
      const double step = 0.1;
      for (double u = -10; u < 10; u += step) {
        const double x = law->mean() + u * deviation;
        const double f = law->pdf(x) * deviation * step;
        mass += f;
        mean += f * u;
        square += f * u * u;
        EXPECT_GT(law->cdf(x), below - 1e-8);
        below = law->cdf(x);
      }
      EXPECT_NEAR(mass, 1, 1e-7 + rounding);
      EXPECT_NEAR(mean, 0, 1e-6 + rounding);
      EXPECT_NEAR(square, 1, 3e-6 + rounding);
      EXPECT_NEAR(law->cdf(law->mean() - 11 * deviation), 0, 1e-8);
      EXPECT_NEAR(law->cdf(law->mean() + 11 * deviation), 1, 1e-8);
      EXPECT_NEAR((law->quantile(0.5) - law->mean()) / deviation, 0, 0.2);
      EXPECT_LT(law->quantile(0.25), law->quantile(0.5));
      EXPECT_LT(law->quantile(0.5), law->quantile(0.75));
    }
    const auto steps = gradient_steps(network);
    const GradientStep sum = total(steps);
    if (sum.variance_of_difference() > 20) continue;  // E e^X would come from networks that there is none of
    const Complex one = 1;
    const double energy = gradient_transform(steps, {&one, 1})[0].real();
    EXPECT_NEAR(energy / std::exp(sum.Y_mean + sum.Y_variance / 2), 1, 1e-7);
  }
}

// Below a change of alpha's sign a small layer's overlap may be negative; together with others' it is not.
TEST(GradientLaw, TakesLayersOfNegativeRatesWithOthers) {
  const Network network = vanilla({.width = 5,
                                   .depth = 6,
                                   .alpha = std::vector{-1.0, 0.8, 0.8, 0.8, 0.8, 0.8},
                                   .lambda = std::vector{0.4, 1.0, 1.0, 1.0, 1.0, 1.0}});
  const auto steps = gradient_steps(network);
  const GradientStep sum = total(steps);
  ASSERT_LT(steps.back().overlap, 0);
  const GradientLaw law = gradient_limit(network).random;
  EXPECT_NEAR(law.cdf(law.quantile(0.01)), 0.01, 1e-12);
  const Complex one = 1;
  EXPECT_NEAR(gradient_transform(steps, {&one, 1})[0].real() / std::exp(sum.Y_mean + sum.Y_variance / 2), 1, 1e-8);
}

// Null hypothesis: X of simulated networks has the limit's mean and variance, rejected at 4.5 standard errors, but for
// 1/n of the variance. Without the overlap the mean would be off by 13 standard errors.
TEST(GradientLimit, OfNearlyLinearNetsIsThatOfSimulatedOnes) {
  const Network network = stable({.width = 50, .depth = 4, .residual_scale = 0.3});
  const Ensemble ensemble = simulate(network, {.samples = 100'000, .seed = 5, .gradients = OutputDirection::kRandom});
  const GradientLaw law = gradient_limit(network).random;
  const Estimate mean = ensemble.gradients->growth.mean();
  const Estimate variance = ensemble.gradients->growth.variance();
  EXPECT_LT(std::abs(mean.value - law.mean()), 4.5 * mean.std_error);
  EXPECT_LT(std::abs(variance.value - law.variance()), 4.5 * variance.std_error + law.variance() / 50);
}

// Null hypothesis: draws have the law's distribution function. Level 1% of Kolmogorov and Smirnov.
TEST(GradientLaw, SamplesItsDistributionFunction) {
  const GradientLaw law = gradient_limit(vanilla_of(0.5, 100, 50)).random;
  std::vector<double> draws = law.sample(10'000, 3);
  std::sort(draws.begin(), draws.end());
  double distance = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    distance = std::max(distance, std::abs(law.cdf(draws[i]) - (static_cast<double>(i) + 0.5) / 10'000));
  }
  EXPECT_LT(distance, 1.63 / 100);
  EXPECT_EQ(law.quantile(0), -std::numeric_limits<double>::infinity());
  EXPECT_NEAR(law.survival(law.inverse_survival(0.2)), 0.2, 1e-9);
}

TEST(GradientLaw, RefusesWhatIsOutOfRange) {
  const GradientLimit limit = gradient_limit(vanilla_of(0.5, 100, 10));
  EXPECT_THROW(limit.random.quantile(-0.1), std::invalid_argument);
  EXPECT_THROW(limit.random.quantile(1 - 1e-9), std::invalid_argument);
  EXPECT_THROW(limit.random.quantile(std::nan("")), std::invalid_argument);
  EXPECT_THROW(limit.random.cdf(std::nan("")), std::invalid_argument);
  EXPECT_THROW(gradient_limit(vanilla({.width = 10, .depth = 3, .alpha = 1, .lambda = 0})), std::invalid_argument);
  EXPECT_THROW(gradient_limit(vanilla({.width = 10, .depth = 3, .alpha = 1, .lambda = 1e-160})), std::invalid_argument);
}

// Over all layers nothing is below, and nothing is inherited.
TEST(GradientNorms, OfTheFirstAndTheLastLayerAreThoseOfTheLimit) {
  for (const Network& network :
       {vanilla({.width = 30, .depth = 20, .alpha = 1.1, .lambda = 0.4, .leak = 0.2, .branch_depth = 2}),
        vanilla({.width = 30, .depth = 3, .alpha = std::vector{0.9, 0.5, 1.1}, .lambda = 0.6}).with_flip(0.1)}) {
    const GradientStep inherited = inherited_means(network, layer_sums(network))[0];
    EXPECT_NEAR(inherited.E_mean, 0, 1e-15);
    EXPECT_NEAR(inherited.Y_mean, 0, 1e-15);
    const std::size_t layers[] = {0, network.depth()};
    const GradientLimit limit = gradient_limit(network);
    for (const OutputDirection direction : {OutputDirection::kRandom, OutputDirection::kOrthogonal}) {
      const bool is_random = direction == OutputDirection::kRandom;
      const double degrees = is_random ? 30 : 29;
      const double mean = boost::math::digamma(degrees / 2) + std::log(2 / 30.0);
      const double variance = boost::math::trigamma(degrees / 2);
      const GradientLaw& growth = is_random ? limit.random : limit.orthogonal;
      const auto norms = gradient_norms(network, direction, layers);
      ASSERT_EQ(norms.size(), 2);
      EXPECT_NEAR(norms[0].mean, mean + growth.mean(), 1e-12);
      EXPECT_NEAR(norms[0].variance, variance + growth.variance(), 1e-12);
      EXPECT_NEAR(norms[1].mean, mean, 1e-12);
      EXPECT_NEAR(norms[1].variance, variance, 1e-12);
    }
  }
}

// Null hypothesis: simulated gradients have the law's mean between the first and the last layer, rejected at 4.5
// standard errors. Without what layers inherit each of the eight is rejected.
TEST(GradientNorms, InheritTheHypoactivationOfTheLayersBelow) {
  struct Case {
    Network network;
    std::size_t layer;
  };
  for (const auto& [network, layer] : {Case{vanilla({.width = 100, .depth = 50}), 48},
                                       {vanilla({.width = 100, .depth = 50}), 49},
                                       {vanilla({.width = 100, .depth = 100, .alpha = 1, .lambda = 0.3}), 75},
                                       {stable({.width = 100, .depth = 60, .residual_scale = 2}), 40}}) {
    SCOPED_TRACE(to_json(network));
    for (const OutputDirection direction : {OutputDirection::kRandom, OutputDirection::kOrthogonal}) {
      const Ensemble ensemble =
          simulate(network, {.samples = support::samples(200'000), .seed = 3, .gradients = direction});
      const auto [mean, error] = ensemble.gradients->layers[layer].log_norm2_mean;
      EXPECT_NEAR(mean, gradient_norms(network, direction, {&layer, 1})[0].mean, 4.5 * error);
    }
  }
}

// Null hypothesis: simulated gradients have the law's mean and variance in every layer, rejected at 4.5 standard
// errors, but for 2/n of the variance. With the layers below one in place of those above it the mean would be off by 10
// standard errors and more.
TEST(GradientNorms, AreThoseOfASimulatedSchedule) {
  std::vector<double> alpha, lambda;
  for (int l = 0; l < 40; ++l) {
    alpha.push_back(0.95 - 0.015 * l);
    lambda.push_back(0.2 + 0.02 * l);
  }
  const Network network =
      vanilla({.width = 200, .depth = 40, .alpha = alpha, .lambda = lambda, .leak = 0.1}).with_flip(0.05);
  for (const OutputDirection direction : {OutputDirection::kRandom, OutputDirection::kOrthogonal}) {
    const Ensemble ensemble =
        simulate(network, {.samples = support::samples(20'000), .seed = 7, .gradients = direction});
    const std::size_t layers[] = {0, 5, 20, 36, 40};
    for (const auto& [layer, mean, variance] : gradient_norms(network, direction, layers)) {
      const LayerGradient& found = ensemble.gradients->layers[layer];
      const double allowance = variance / 200;
      EXPECT_NEAR(found.log_norm2_mean.value, mean, 4.5 * found.log_norm2_mean.std_error + allowance) << layer;
      EXPECT_NEAR(found.log_norm2_variance.value, variance, 4.5 * found.log_norm2_variance.std_error + allowance)
          << layer;
    }
  }
}

TEST(GradientNorms, HaveNoGrowthWhereNoLayerAboveHasABranch) {
  const Network network = vanilla(
      {.width = 10, .depth = 4, .alpha = std::vector{1.0, 1.0, 2.0, 3.0}, .lambda = std::vector{0.5, 0.5, 0.0, 0.0}});
  const std::size_t layers[] = {1, 2, 3, 4};
  const auto norms = gradient_norms(network, OutputDirection::kRandom, layers);
  EXPECT_NEAR(norms[1].mean - norms[3].mean, std::log(36), 1e-12);
  EXPECT_NEAR(norms[2].mean - norms[3].mean, std::log(9), 1e-12);
  EXPECT_EQ(norms[1].variance, norms[3].variance);
  EXPECT_GT(norms[0].variance, norms[1].variance);
}

TEST(GradientNorms, RefuseWhatIsOutOfRange) {
  const std::size_t beyond[] = {4}, first[] = {0};
  const Network network = vanilla({.width = 1, .depth = 3});
  EXPECT_THROW(gradient_norms(network, OutputDirection::kRandom, beyond), std::invalid_argument);
  EXPECT_THROW(gradient_norms(network, OutputDirection::kOrthogonal, first), std::invalid_argument);
  EXPECT_EQ(gradient_norms(network, OutputDirection::kRandom, first).size(), 1);
  EXPECT_TRUE(gradient_norms(network, OutputDirection::kRandom, {}).empty());
}

}  // namespace
}  // namespace initlaw
