#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "initlaw/angle_law.hpp"
#include "initlaw/limit.hpp"
#include "law/gradient_steps.hpp"
#include "law/reference_networks.hpp"
#include "law/resnet.hpp"

namespace initlaw {
namespace {

struct RateCheckValues {
  std::string name;
  Network network;
  double c;
  double m;
  double variance;
  double covariance;
};

// The table of docs/angles.md, far from the input.
TEST(AngleSteps, HaveTheTheorysCheckValues) {
  constexpr std::size_t n = 10;
  constexpr std::size_t d = 400;
  const RateCheckValues rows[] = {
      {"fully connected", fully_connected({.width = n, .depth = d}), .1061032954, 1, 2, -2},
      {".3", resnet(.3, n, d), .0742723068, .5921002714, 1.7012839811, -2.2183674194},
      {".5", resnet(.5, n, d), .0530516477, .4268873453, 1.3563176623, -1.8588606340},
      {".5, Balanced", balanced({.width = n, .depth = d}), .0530516477, .5, 1, -1},
      {".5, b^2 = 1/4", resnet(.5, n, d, std::sqrt(1.0 / 3)), .0071075731, .3879718363, .9015794156, -1.0272151585},
      {".64, p = .1", resnet(.64, n, d).with_flip(.1), .0381971863, .3678529958, .9046658637, -1.0736257358},
      {".64, B = 2", resnet(.64, n, d, 0, 2), .0763943727, .4458141719, 1.310779655, -1.7299309662},
      {".8", resnet(.8, n, d), .0212206591, .1843908521, .6339950835, -.8992084627}};
  for (const RateCheckValues& row : rows) {
    SCOPED_TRACE(row.name);
    const std::vector<AngleStep> steps = angle_steps(row.network);
    ASSERT_EQ(steps.size(), d + 1);
    EXPECT_NEAR(steps.back().contraction, row.c, 0.51e-10);
    EXPECT_NEAR(-steps.back().mean * n, row.m, 0.51e-10);
    EXPECT_NEAR(steps.back().variance * n, row.variance, 1.01e-10);
    EXPECT_NEAR(steps.back().covariance * n, row.covariance, 0.51e-10);
    EXPECT_DOUBLE_EQ(steps[0].mean * n, -0.5);
    EXPECT_DOUBLE_EQ(steps[0].variance * n, 1);
    EXPECT_DOUBLE_EQ(steps[0].covariance * n, -1);
  }
}

// A tangent vector's law is that of the gradient, of which no formula here knows: ln theta^2 without contraction is E -
// Y for an output that is 0. Pairs of layers count for the upper one here and for the lower one there, so that it is
// the sums over all layers that agree.
TEST(AngleSteps, AddUpToThoseOfTheGradient) {
  for (const auto& reference : growth_references()) {
    const Network& network = reference.network;
    if (network.depth() > 1000 || !network.widths().is_constant() || network.width(0) < 2) continue;
    SCOPED_TRACE(reference.name);
    GradientStep total;
    for (const GradientStep& step : gradient_steps(network)) total.add(step, 1);
    AngleStep sum{};
    const std::vector<AngleStep> steps = angle_steps(network);
    for (std::size_t l = 1; l < steps.size(); ++l) {
      sum.mean += steps[l].mean;
      sum.variance += steps[l].variance;
      sum.covariance += steps[l].covariance;
    }
    const double tolerance = 1e-12 * total.Y_variance;
    EXPECT_NEAR(sum.mean, (total.E_mean - total.Y_mean) / 2, tolerance);
    EXPECT_NEAR(sum.variance, total.variance_of_difference() / 4, tolerance);
    EXPECT_NEAR(sum.covariance, (total.covariance - total.Y_variance) / 2, tolerance);
  }
}

// c theta is what infinite width takes from ln theta while theta is small.
TEST(AngleSteps, ContractAsInfiniteWidthDoes) {
  for (const Network& network :
       {resnet(.3, 10, 1), resnet(.64, 10, 1, .2, 3), fully_connected({.width = 10, .depth = 1})}) {
    const double theta = 1e-3;
    const double after = std::acos(infinite_width_correlation(network, std::cos(theta))[1]);
    EXPECT_NEAR((1 - after / theta) / theta, angle_steps(network)[1].contraction, 1e-4);
  }
}

// So that a Balanced ReLU net is a shorter fully connected one. Neither a leaky one is, nor one with memory.
TEST(AngleSteps, OfBalancedReluLayersAreAShareOfFullyConnectedOnes) {
  const std::vector<double> share{.1, .5, .9, .3};
  const auto share_of_layer = [&](const Network& network, const Network& whole) {
    const std::vector<AngleStep> steps = angle_steps(network);
    const AngleStep one = angle_steps(whole)[1];
    bool all = true;
    for (std::size_t l = 1; l < steps.size(); ++l) {
      const double t = share[l - 1];
      for (const auto field : {&AngleStep::mean, &AngleStep::variance, &AngleStep::contraction, &AngleStep::covariance})
        all = all && std::abs(steps[l].*field - t * one.*field) < 1e-14;
    }
    return all;
  };
  std::vector<double> alpha, lambda;
  for (const double t : share) {
    alpha.push_back(std::sqrt(1 - t));
    lambda.push_back(std::sqrt(t));
  }
  const ResNetOptions relu{.width = 30, .depth = share.size(), .alpha = alpha, .lambda = lambda};
  ResNetOptions leaky = relu;
  leaky.leak = .3;
  EXPECT_TRUE(share_of_layer(balanced(relu), fully_connected({.width = 30, .depth = 1})));
  EXPECT_FALSE(share_of_layer(vanilla(relu), fully_connected({.width = 30, .depth = 1})));
  EXPECT_FALSE(share_of_layer(balanced(leaky), fully_connected({.width = 30, .depth = 1, .leak = .3})));
}

// A kink of q^2 = kappa^2/n: in the limit no memory is left of it, and kappa^2 is in the contraction alone.
TEST(AngleSteps, OfShapedActivationsHaveTheTheorysLimits) {
  constexpr std::size_t n = 1'000'000;
  constexpr double kKappa2 = 2;
  const double leak = 1 - 2 * std::sqrt(kKappa2 / n);
  for (const double alpha2 : {0.0, .3, .64}) {
    const AngleStep step = angle_steps(resnet(alpha2, n, 30, leak)).back();
    const double D = 1 - alpha2 * alpha2;
    EXPECT_NEAR(step.mean * n, -D / 2, 1e-3);
    EXPECT_NEAR(step.variance * n, D, 1e-3);
    EXPECT_NEAR(step.covariance * n, -D, 1e-3);
    EXPECT_NEAR(step.contraction * n, 2 * kKappa2 * (1 - alpha2) / (3 * std::numbers::pi), 2e-3);
  }
}

}  // namespace
}  // namespace initlaw
