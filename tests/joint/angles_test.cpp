#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "initlaw/several_inputs.hpp"

namespace initlaw {
namespace {

using Inputs = std::vector<std::vector<double>>;

/// Two inputs of this angle.
Inputs at_angle(double theta) { return {{1, 0}, {3 * std::cos(theta), 3 * std::sin(theta)}}; }

// Null hypothesis: mean and variance of ln tan(theta/2) in the input layer are those of ln(chi^2_{n-1}/chi^2_n)/2 plus
// the input's, to which it tends at small angles; at 4.5 standard errors.
TEST(LogTangent, IsThatOfAnglesFarBelowWhatTheCosineShows) {
  const Network network = vanilla({.width = 40, .depth = 1, .inputs = 2});
  for (const double theta : {1e-12, 1e-9, 1e-3}) {
    const JointEnsemble joint = simulate_jointly(network, {.samples = 20'000}, at_angle(theta));
    const Moments& found = joint.log_tangent[0][0];
    EXPECT_EQ(found.count(), 20'000);
    // (psi((n-1)/2) - psi(n/2))/2 and (psi'((n-1)/2) + psi'(n/2))/4 at n = 40.
    EXPECT_LT(std::abs(found.mean().value - std::log(theta / 2) + 0.0129848), 4.5 * found.mean().std_error) << theta;
    EXPECT_LT(std::abs(found.variance().value - 0.0259726), 4.5 * found.variance().std_error) << theta;
  }
}

// A scalar product sees no angle below 10^-8, and parallel inputs are none.
TEST(LogTangent, OfEqualInputsIsCountedAsCollapsed) {
  const Network network = vanilla({.width = 20, .depth = 30, .inputs = 2});
  const JointEnsemble joint = simulate_jointly(network, {.samples = 100}, {{1, 2}, {2, 4}, {-1, -2}});
  for (const auto& layer : joint.log_tangent) EXPECT_EQ(layer[joint.pair(0, 1)].count(), 0);
  EXPECT_EQ(joint.last_log_tangent[joint.pair(0, 1)].count(), 100);
  EXPECT_NEAR(joint.last_log_tangent[joint.pair(0, 1)].quantile(.5).value, -kLargestLogTangent, 1e-3);
  EXPECT_EQ(joint.log_tangent[0][joint.pair(0, 2)].count(), 0);
  EXPECT_EQ(joint.log_tangent[1][joint.pair(0, 2)].count(), 100);
}

TEST(JointOptions, KeepThePairsAndLayersThatAreAskedFor) {
  const Network network = vanilla({.width = 20, .depth = 30, .inputs = 3});
  Inputs inputs;
  for (int i = 0; i < 5; ++i) inputs.push_back({std::cos(i), std::sin(i), 0.5});
  const JointEnsemble all = simulate_jointly(network, {.samples = 50}, inputs);
  EXPECT_EQ(all.options.pairs.size(), 10);
  EXPECT_EQ(all.options.layers.size(), 31);
  const JointEnsemble some =
      simulate_jointly(network, {.samples = 50, .pairs = {{4, 1}, {0, 2}}, .layers = {7, 3}}, inputs);
  EXPECT_EQ(some.options.layers, (std::vector<std::size_t>{3, 7, 30}));
  ASSERT_EQ(some.options.pairs, (std::vector<InputPair>{{1, 4}, {0, 2}}));
  for (std::size_t pair = 0; pair < 2; ++pair) {
    const auto [i, j] = some.options.pairs[pair];
    const std::size_t other = all.pair(i, j);
    for (std::size_t k = 0; k < 3; ++k) {
      const std::size_t l = some.options.layers[k];
      EXPECT_EQ(some.log_tangent[k][pair].mean().value, all.log_tangent[l][other].mean().value);
      EXPECT_EQ(some.cosine[k][pair].variance().value, all.cosine[l][other].variance().value);
    }
    EXPECT_EQ(some.growths[pair].covariance().value, all.growths[other].covariance().value);
    EXPECT_EQ(some.angle_and_growth[pair].covariance().value, all.angle_and_growth[other].covariance().value);
  }
  EXPECT_THROW(some.pair(0, 1), std::invalid_argument);
}

TEST(JointOptions, OfManyInputsAndLayersKeepAFew) {
  const Network network = vanilla({.width = 4, .depth = 1000, .inputs = 2});
  Inputs inputs;
  for (int i = 0; i < 40; ++i) inputs.push_back({std::cos(i), std::sin(i)});
  const JointEnsemble joint = simulate_jointly(network, {.samples = 2}, inputs);
  EXPECT_EQ(joint.options.pairs.size(), 39);
  EXPECT_EQ(joint.options.layers.size(), 65);
  EXPECT_EQ(joint.options.layers.front(), 0);
  EXPECT_EQ(joint.options.layers.back(), 1000);
}

TEST(JointOptions, ThatAreOutOfRangeAreRefused) {
  const Network network = vanilla({.width = 4, .depth = 3, .inputs = 2});
  for (const InputPair& pair : {InputPair{0, 2}, InputPair{1, 1}})
    EXPECT_THROW(simulate_jointly(network, {.pairs = {pair}}, at_angle(1)), std::invalid_argument);
  EXPECT_THROW(simulate_jointly(network, {.layers = {4}}, at_angle(1)), std::invalid_argument);
}

// The growths' joint moments are those of their difference: Var(G - G') = Var G + Var G' - 2 Cov(G, G').
TEST(JointEnsemble, HasTheGrowthsJointMoments) {
  const Network network = vanilla({.width = 20, .depth = 10, .inputs = 2});
  const JointEnsemble joint = simulate_jointly(network, {.samples = 1000}, at_angle(1));
  const double variances = joint.growth[0].variance().value + joint.growth[1].variance().value;
  EXPECT_NEAR(joint.growth_difference[0].variance().value, variances - 2 * joint.growths[0].covariance().value, 1e-9);
}

}  // namespace
}  // namespace initlaw
