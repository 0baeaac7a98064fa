// Laws of the networks that people train. What they say of simulated networks is tested by claim 11 of
// src/reproduction.

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "initlaw/law.hpp"
#include "initlaw/limit.hpp"
#include "law/activation_memory.hpp"
#include "network/network_scales.hpp"
#include "network/normal_mean.hpp"
#include "network/scaled_activation.hpp"

namespace initlaw {
namespace {

Network normalized(std::size_t depth, double alpha, Activation activation, double lambda = 0.5) {
  return vanilla({.width = 100,
                  .depth = depth,
                  .alpha = alpha,
                  .lambda = lambda,
                  .architecture = {.norm = Normalization::kPre, .activation = activation}});
}

struct CheckValue {
  Activation activation;
  double alpha;
  std::size_t layer;
  double log_growth;
  double n_variance;
  double h;
};

// Values of an independent implementation of the same formulas, lambda = 0.5 and ||x||^2/n_in = 1, to four decimals.
TEST(NormalizedLaw, HasIndependentlyComputedValues) {
  const CheckValue values[] = {{Activation::kLeakyRelu, 1, 1, 0.2231, 2.1200, -0.3274},
                               {Activation::kLeakyRelu, 1, 10, 1.2528, 3.1999, -0.9406},
                               {Activation::kLeakyRelu, 1, 100, 3.2581, 3.8203, -1.1101},
                               {Activation::kLeakyRelu, 0.9, 50, 0.2744, 3.8865, -1.0339},
                               {Activation::kGelu, 1, 10, 1.2528, 3.4003, -1.2990},
                               {Activation::kGelu, 1, 50, 2.6027, 4.0214, -1.4837},
                               {Activation::kTanh, 1, 10, 1.2528, 2.0470, 0.3110}};
  for (const auto& [activation, alpha, l, log_growth, n_variance, h] : values) {
    const Network network = normalized(l + 1, alpha, activation);
    EXPECT_NEAR(NetworkScales(network).log_growth(l), log_growth, 5e-5);
    EXPECT_NEAR(100 * log_gaussian_growth_by_layer(network)[l].variance, n_variance, 5e-5);
    EXPECT_NEAR(hypoactivation(network)[l], h, 5e-5);
  }
}

TEST(NormalizedLaw, HasAVarianceOfOrderOneOverWidthAtEveryDepth) {
  for (const double lambda : {0.2, 1.0, 3.0}) {
    const Network network = normalized(3000, 1, Activation::kLeakyRelu, lambda);
    // The limits at infinite depth are approached as ln(d)/d at the least.
    EXPECT_NEAR(100 * log_gaussian_growth(network).variance, 31.0 / 8, 0.04) << lambda;
    EXPECT_NEAR(hypoactivation(network).back(), -9.0 / 8, 0.04) << lambda;
    EXPECT_NEAR(200 * (active_fraction(network).back() - 0.5), -0.25, 0.01) << lambda;
    const Network linear_first =
        network.with_architecture({.branch = Branch::kLinearFirst, .norm = Normalization::kPre});
    EXPECT_NEAR(100 * log_gaussian_growth(linear_first).variance, 2, 0.04) << lambda;
  }
}

// The recursion of the definition, written once more.
TEST(NormalizedLaw, HasTheGrowthOfItsDefinition) {
  const std::vector<double> alphas{0.9, -0.5, 0, 0.7, 1.1};
  const std::vector<double> lambdas{0.3, 0.8, 1, -0.6, 0.2};
  const Network network = vanilla({.width = 8,
                                   .depth = 5,
                                   .alpha = alphas,
                                   .lambda = lambdas,
                                   .inputs = 3,
                                   .architecture = {.norm = Normalization::kPre, .activation = Activation::kSilu}});
  for (const double size : {1e-150, 1e-9, 1.0, 1e25}) {
    const Input input({size, 0, -2 * size});
    const double r0 = 5.0 / 3 * size * size;
    double r = r0;
    const NetworkScales scales(network, input);
    for (std::size_t l = 1; l <= 5; ++l) {
      const double before = r;
      r = alphas[l - 1] * alphas[l - 1] * before + lambdas[l - 1] * lambdas[l - 1];
      EXPECT_NEAR(scales.log_growth(l), std::log(r) - std::log(r0), 1e-12 * std::abs(std::log(r0)) + 1e-12);
      EXPECT_NEAR(scales.layer(l).a, alphas[l - 1] * std::sqrt(before / r), 1e-13);
      EXPECT_NEAR(scales.layer(l).t(), lambdas[l - 1] * lambdas[l - 1] / r, 1e-13);
    }
  }
}

TEST(ActivationMemory, HasKnownVariances) {
  EXPECT_NEAR(ActivationMemory(normalized(2, 1, Activation::kGelu)).free_variance(), 6.2156142858, 1e-9);
  EXPECT_NEAR(ActivationMemory(normalized(2, 1, Activation::kTanh)).free_variance(), 0.6272908060, 1e-9);
  EXPECT_NEAR(ActivationMemory(normalized(2, 1, Activation::kLeakyRelu)).free_variance(), 5, 1e-14);
}

/// E f(X) f(Y) less the products of f_0 and f_2, of normals of correlation rho, by quadrature in two dimensions.
double covariance_by_quadrature(const ScaledActivation& phi, double rho) {
  const auto f = [&](double x) { return std::pow(phi(x), 2) - 1; };
  const double f2 = normal_mean([&](double x) { return f(x) * (x * x - 1); }) / std::numbers::sqrt2;
  const double complement = std::sqrt(1 - rho * rho);
  const double product =
      normal_mean([&](double x) { return f(x) * normal_mean([&](double y) { return f(rho * x + complement * y); }); });
  return product - f2 * f2 * rho * rho;
}

TEST(ActivationMemory, IsTheCovarianceOfSmoothActivations) {
  for (const Activation activation : {Activation::kGelu, Activation::kSilu, Activation::kTanh, Activation::kErf}) {
    const Network network = normalized(2, 1, activation);
    const ActivationMemory memory(network);
    const ScaledActivation phi(network);
    const auto K = [&](double rho) { return memory.terms(Correlation(rho, std::sqrt(1 - rho * rho)), 1).covariance; };
    for (const double rho : {-0.9, -0.2, 0.0, 0.3, 0.8, 0.99}) {
      EXPECT_NEAR(K(rho), covariance_by_quadrature(phi, rho), 1e-10) << to_string(activation) << ", rho " << rho;
      const double step = 1e-5;
      const double slope =
          (K(std::min(rho + step, 0.999)) - K(rho - step)) / (std::min(rho + step, 0.999) - rho + step);
      EXPECT_NEAR(memory.terms(Correlation(rho, std::sqrt(1 - rho * rho)), 1).covariance_derivative, rho * slope, 1e-6);
    }
    EXPECT_NEAR(K(1), memory.variance(), 1e-10) << to_string(activation);
  }
}

// Signs that always flip are those that never do, at -z in every other layer: odd parts change sign, even ones do not.
TEST(ActivationMemory, KnowsFlipsByTheParityOfTheActivation) {
  const ActivationMemory memory(normalized(2, 1, Activation::kGelu));
  const auto at = [&](double rho, double w) { return memory.terms(Correlation(rho, std::sqrt(1 - rho * rho)), w); };
  EXPECT_DOUBLE_EQ(at(0.6, -1).covariance, at(-0.6, 1).covariance);
  EXPECT_DOUBLE_EQ(at(0.6, -1).sign_derivative, at(-0.6, 1).sign_derivative);
  EXPECT_NEAR(at(0.6, 0).covariance, (at(0.6, 1).covariance + at(-0.6, 1).covariance) / 2, 1e-14);
  EXPECT_GT(at(0.6, 0).covariance, 0);
  // Even activations see no sign.
  EXPECT_EQ(ActivationMemory(normalized(2, 1, Activation::kTanh)).terms(Correlation(0.6, 0.8), 0.5).sign_derivative, 0);
}

TEST(LinearFirstLaw, AddsUpIndependentLayers) {
  // A = t^2 (2 + kappa n/m) + 4 a^2 t of 50 layers, and 2 of the input layer, over n.
  const Network network = vanilla({.width = 100, .depth = 50, .architecture = {.branch = Branch::kLinearFirst}});
  EXPECT_NEAR(100 * log_gaussian_growth(network).variance, 2 + 50 * (0.25 * 7 + 1), 1e-10);
  EXPECT_NEAR(log_gaussian_growth(network).mean, -log_gaussian_growth(network).variance / 2, 1e-12);
  const Network wide = network.with_architecture({.branch = Branch::kLinearFirst, .branch_width = 400});
  EXPECT_NEAR(100 * log_gaussian_growth(wide).variance, 2 + 50 * (0.25 * (2 + 5.0 / 4) + 1), 1e-10);
  EXPECT_NEAR(mean_interlayer_covariance(wide, 0), 5.0 / 4, 1e-12);
  EXPECT_EQ(mean_interlayer_covariance(wide, 1), 0);
  for (const double h : hypoactivation(wide)) EXPECT_EQ(h, 0);
  for (const double share : active_fraction(wide)) EXPECT_EQ(share, 0.5);
}

TEST(OrthogonalLaw, HasNoChiSquareOfTheMatrix) {
  const Network network =
      fully_connected({.width = 100, .depth = 50, .architecture = {.weights = Weights::kOrthogonal}});
  EXPECT_NEAR(100 * log_gaussian_growth(network).variance, 2 + 3 * 50, 1e-10);
  const Network haar =
      network.with_architecture({.weights = Weights::kOrthogonal, .input_layer = InputLayer::kOrthogonal});
  EXPECT_NEAR(100 * log_gaussian_growth(haar).variance, 3 * 50, 1e-10);
  EXPECT_EQ(log_gaussian_growth_by_layer(haar)[0].variance, 0);
}

TEST(FinalNormalization, MakesTheOutputGaussian) {
  const Network network =
      vanilla({.width = 10, .depth = 5, .inputs = 3, .outputs = 4, .architecture = {.norm = Normalization::kFinal}});
  for (const Law& law :
       {infinite_depth_and_width(network, Input({1, 2, 3})), infinite_width(network, Input({1, 2, 3}))}) {
    EXPECT_EQ(law.second_moment(), 1);
    EXPECT_EQ(law.variance(), Law::log_gaussian(0, 0, 4).variance());
  }
}

}  // namespace
}  // namespace initlaw
