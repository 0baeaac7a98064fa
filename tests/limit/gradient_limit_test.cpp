#include "initlaw/gradient_limit.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>
#include <random>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "initlaw/statistics.hpp"
#include "limit/gradient_functional.hpp"
#include "network/layer_scale.hpp"

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
  for (const double ratio : {0.02, 0.5, 2.0}) {
    const auto limit =
        gradient_limit(fully_connected({.width = 1000, .depth = static_cast<std::size_t>(1000 * ratio)}));
    const GradientLaw& law = limit.random;
    EXPECT_NEAR(law.mean() / (-2.5 * ratio), 1, 1e-8);
    EXPECT_NEAR(law.variance() / (5 * ratio), 1, 1e-8);
    EXPECT_NEAR(limit.orthogonal.mean(), -4.5 * ratio, 1e-12);
    for (const double u : {-4.0, -2.0, -0.5, 0.0, 1.0, 3.0}) {
      const double x = law.mean() + u * std::sqrt(5 * ratio);
      EXPECT_NEAR(law.cdf(x), std::erfc(-u / std::numbers::sqrt2) / 2, 1e-8);
      const double density = std::exp(-u * u / 2) / std::sqrt(2 * std::numbers::pi);
      EXPECT_NEAR(law.pdf(x) * std::sqrt(5 * ratio), density, 1e-8);
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
  const double V = limit.Y_variance, sigma2 = limit.E_variance, c = limit.covariance;
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
      E += limit.E_mean / kSteps + std::sqrt(sigma2 / kSteps) * u;
      Y += limit.Y_mean / kSteps + c / std::sqrt(sigma2 * kSteps) * u + std::sqrt((V - c * c / sigma2) / kSteps) * w;
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
  near(joint.correlation(), limit.random.correlation_with_G());
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
  EXPECT_NEAR(deep.random.correlation_with_G(), 0.555, 0.01);
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

TEST(GradientLaw, RefusesWhatIsOutOfRange) {
  const GradientLimit limit = gradient_limit(vanilla_of(0.5, 100, 10));
  EXPECT_THROW(limit.random.quantile(0), std::invalid_argument);
  EXPECT_THROW(limit.random.quantile(1 - 1e-9), std::invalid_argument);
  EXPECT_THROW(limit.random.quantile(std::nan("")), std::invalid_argument);
  EXPECT_THROW(limit.random.cdf(std::nan("")), std::invalid_argument);
  EXPECT_THROW(gradient_limit(vanilla({.width = 10, .depth = 3, .alpha = 1, .lambda = 0})), std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
