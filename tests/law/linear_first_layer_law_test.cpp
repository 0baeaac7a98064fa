#include "law/linear_first_layer_law.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "initlaw/compare.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/statistics.hpp"

namespace initlaw {
namespace {

LayerScale scale_of(double alpha, double lambda) {
  return layer_scale(vanilla({.width = 1, .depth = 1, .alpha = alpha, .lambda = lambda}), 1);
}

struct Case {
  std::size_t width;
  std::size_t inner_width;
  std::size_t activations;
  double leak;
  double alpha;
};
constexpr Case kCases[] = {{100, 100, 1, 0, 1},   {1, 1, 1, 0, 0.5},       {3, 12, 1, 0, -1},     {5, 2, 1, 1, 0.2},
                           {30, 20, 3, 0, 0.1},   {400, 7, 2, -1, 2},      {2000, 2000, 1, 0, 1}, {8, 8, 1, 0, 1e-3},
                           {100, 100, 1, 0.2, 1}, {4, 1, 1, 0.3, 0.5},     {4, 2, 1, -0.01, 0.3}, {6, 3, 2, 1e-9, 0.4},
                           {20, 5, 1, 0.9, 0.2},  {300, 3000, 2, -0.5, 1}, {5, 40, 1, 1e-9, 0.1}};

LinearFirstLayerLaw law_of(const Case& c) {
  return {scale_of(c.alpha, 1), c.width, c.inner_width, c.activations, c.leak};
}

// E w = a^2 + t, and E w^2 from the moments of chi-squares: exact at every width.
TEST(LinearFirstLayerLaw, HasTheMomentsOfItsDefinition) {
  for (const Case& c : kCases) {
    const LayerScale layer = scale_of(c.alpha, 1);
    const LinearFirstLayerLaw law = law_of(c);
    const double n = static_cast<double>(c.width), m = static_cast<double>(c.inner_width);
    const double a2 = layer.a * layer.a, t = layer.t();
    const double fourth = 6 * (1 + std::pow(c.leak, 4)) / std::pow(1 + c.leak * c.leak, 2);  // E phi(g)^4
    const double T2 = std::pow(1 + (fourth - 1) / m, static_cast<double>(c.activations));
    EXPECT_NEAR(law.log_transform(0.0).real(), 0, 1e-12) << c.width;
    EXPECT_NEAR(law.log_transform(1.0).real(), 0, 1e-11) << c.width;
    const double square = a2 * a2 + 2 * a2 * t * (1 + 2 / n) + t * t * T2 * (1 + 2 / n);
    EXPECT_NEAR(law.log_transform(2.0).real(), std::log(square), 1e-11) << c.width;
  }
}

// Null hypothesis: mean and variance are those of draws from the definition. 4.5 standard errors.
TEST(LinearFirstLayerLaw, HasMeanAndVarianceOfItsDraws) {
  std::mt19937_64 generator(1);
  for (const Case& c : kCases) {
    const LinearFirstLayerLaw law = law_of(c);
    Moments draws;
    for (int i = 0; i < 40'000; ++i) draws.add(law.sample(generator));
    EXPECT_LT(std::abs(draws.mean().value - law.mean()), 4.5 * draws.mean().std_error) << c.width;
    EXPECT_LT(std::abs(draws.variance().value - law.variance()), 4.5 * draws.variance().std_error) << c.width;
  }
}

// The transform at a frequency, by the mean over draws: what moments at 0 do not see.
TEST(LinearFirstLayerLaw, HasTheTransformOfItsDraws) {
  std::mt19937_64 generator(2);
  for (const Case& c : kCases) {
    const LinearFirstLayerLaw law = law_of(c);
    const std::complex<double> s(0.1, 3 / std::sqrt(law.variance()));
    Moments real, imaginary;
    for (int i = 0; i < 40'000; ++i) {
      const std::complex<double> value = std::exp(s * (law.sample(generator) - law.mean()));
      real.add(value.real());
      imaginary.add(value.imag());
    }
    const std::complex<double> expected = std::exp(law.log_transform(s) - s * law.mean());
    EXPECT_LT(std::abs(real.mean().value - expected.real()), 4.5 * real.mean().std_error) << c.width;
    EXPECT_LT(std::abs(imaginary.mean().value - expected.imag()), 4.5 * imaginary.mean().std_error) << c.width;
  }
}

Network linear_first(std::size_t width, std::size_t depth, double alpha = 1, double lambda = 0.5) {
  return vanilla({.width = width,
                  .depth = depth,
                  .alpha = alpha,
                  .lambda = lambda,
                  .outputs = 3,
                  .architecture = {.branch = Branch::kLinearFirst}});
}

TEST(ExactLinearFirst, ApproachesTheLogGaussianLimit) {
  double before = 1;
  for (const std::size_t width : {16, 64, 256}) {
    const Law exact = exact_linear_first(linear_first(width, width / 2));
    const Law limit = infinite_depth_and_width(linear_first(width, width / 2));
    double distance = 0;
    for (double x = -12; x < 12; x += 0.25) distance = std::max(distance, std::abs(exact.cdf(x) - limit.cdf(x)));
    EXPECT_LT(distance, before / 3) << width;
    before = distance;
  }
  EXPECT_LT(before, 2e-3);
}

TEST(ExactLinearFirst, HasTheSecondMomentThatIsExactAtEveryWidth) {
  for (const std::size_t width : {1, 7, 100}) {
    const Network network = linear_first(width, 9, 0.8, -0.7);
    EXPECT_NEAR(exact_linear_first(network).second_moment(), std::pow(0.64 + 0.49, 9), 1e-9);
    EXPECT_EQ(exact_linear_first(network).dead_probability(), 0);
  }
}

// A leak that is almost 0 or almost 1 is evaluated in another way than 0 and 1 are.
TEST(ExactLinearFirst, IsContinuousInTheLeak) {
  const Network network = linear_first(6, 4, 0.7, 1);
  const auto difference = [](const Network& one, const Network& other) {
    const Law a = exact_linear_first(one), b = exact_linear_first(other);
    double largest = 0;
    for (double x = -12; x < 12; x += 0.5) largest = std::max(largest, std::abs(a.cdf(x) - b.cdf(x)));
    return largest;
  };
  EXPECT_LT(difference(network, network.with_leak(1e-7)), 1e-9);
  EXPECT_LT(difference(network.with_leak(1), network.with_leak(1 - 1e-6)), 1e-9);
  EXPECT_GT(difference(network.with_leak(0.25), network), 1e-3);
}

// Null hypothesis: networks with schedules and a leak have the law; at level 1e-4.
TEST(ExactLinearFirst, IsThatOfSimulatedNetworksWithSchedules) {
  const Network network = vanilla({.width = 5,
                                   .depth = 4,
                                   .alpha = std::vector{0.5, 1.0, 0.5, -0.2},
                                   .lambda = std::vector{1.0, 0.5, 1.0, 2.0},
                                   .outputs = 2,
                                   .leak = -0.3,
                                   .branch_depth = 3,
                                   .architecture = {.branch = Branch::kLinearFirst, .branch_width = 7}});
  const Ensemble ensemble = simulate(network, {.samples = 100'000});
  EXPECT_LT(kolmogorov_smirnov(ensemble, exact_linear_first(network)).value, 2.23 / std::sqrt(100'000));
  EXPECT_GT(kolmogorov_smirnov(ensemble, exact_linear_first(network.with_leak(0))).value, 0.02);
}

TEST(ExactLinearFirst, RefusesOtherNetworks) {
  for (const Network& network :
       {vanilla({.width = 5, .depth = 3}),
        linear_first(5, 3).with_architecture({.branch = Branch::kLinearFirst, .norm = Normalization::kPre}),
        linear_first(5, 3, 0, 1)}) {
    EXPECT_THROW(exact_linear_first(network), std::invalid_argument);
  }
}

}  // namespace
}  // namespace initlaw
