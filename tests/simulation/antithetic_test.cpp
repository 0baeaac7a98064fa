#include "simulation/antithetic.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>

namespace initlaw {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

double z_score(const Estimate& a, const Estimate& b) {
  return (a.value - b.value) / std::hypot(a.std_error, b.std_error);
}

/// Narrow networks, in which every term of order 1/n counts.
std::vector<Network> narrow_networks() {
  const std::vector<double> alphas{0.9, -0.5, 1.1};
  const std::vector<double> lambdas{0.3, 0.8, -0.6};
  return {vanilla({.width = 6, .depth = 3}),
          vanilla({.width = 6, .depth = 3, .alpha = alphas, .lambda = lambdas, .leak = 0.3, .branch_depth = 3}),
          balanced({.width = 6, .depth = 3, .outputs = 2}), stable({.width = 6, .depth = 3}).with_flip(0.3),
          fully_connected({.width = std::vector<std::size_t>{5, 7, 6, 8}, .depth = 3, .leak = 0.5})};
}

// Null hypothesis: pairs estimate the same as independent networks do, at 4.5 standard errors. Without the input
// layer's 2/n the first network is off by 98, without the growth of deep branches the second by 58.
TEST(AntitheticSums, EstimateTheSameAsIndependentNetworks) {
  const Input input({3});
  for (const Network& network : narrow_networks()) {
    const Ensemble plain = simulate(network, {.samples = 1'000'000, .seed = 1}, input);
    const Ensemble pairs =
        simulate(network, {.samples = 400'000, .seed = 2, .estimator = Estimator::kAntithetic}, input);
    ASSERT_TRUE(pairs.antithetic);
    EXPECT_LT(std::abs(z_score(pairs.antithetic->growth_mean.estimate, plain.growth.mean())), 4.5) << to_json(network);
    EXPECT_LT(std::abs(z_score(pairs.antithetic->second_moment.estimate, plain.second_moment.mean())), 4.5);
    for (std::size_t l = 0; l < 3; ++l) {
      EXPECT_LT(std::abs(z_score(pairs.antithetic->hypoactivation[l].estimate, plain.layers[l].hypoactivation)), 4.5)
          << l;
      EXPECT_LT(std::abs(z_score(pairs.antithetic->active_fraction[l].estimate, plain.layers[l].active_fraction)), 4.5)
          << l;
    }
  }
}

TEST(AntitheticSums, ReduceTheVarianceAsTheyPromise) {
  const auto reductions = [](std::size_t n, std::uint64_t samples) {
    const Network network = vanilla({.width = n, .depth = n / 2});
    return *simulate(network, {.samples = samples, .estimator = Estimator::kAntithetic}).antithetic;
  };
  EXPECT_GT(reductions(100, 20'000).growth_mean.variance_reduction, 40);
  const AntitheticEstimates wide = reductions(400, 2'000);
  EXPECT_GT(wide.growth_mean.variance_reduction, 150);
  EXPECT_GT(wide.hypoactivation.back().variance_reduction, 150);
}

// Of 50 numbers the standard deviation is known to 10%; at 4 such errors.
TEST(AntitheticSums, GiveErrorsThatAreTheSpreadOverSeeds) {
  Moments G, h;
  double G_error = 0;
  double h_error = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto antithetic = *simulate(vanilla({.width = 20, .depth = 10}),
                                      {.samples = 4000, .seed = seed, .estimator = Estimator::kAntithetic})
                                 .antithetic;
    G.add(antithetic.growth_mean.estimate.value);
    h.add(antithetic.hypoactivation[7].estimate.value);
    G_error += antithetic.growth_mean.estimate.std_error / 50;
    h_error += antithetic.hypoactivation[7].estimate.std_error / 50;
  }
  EXPECT_NEAR(std::sqrt(G.variance().value) / G_error, 1, 0.4);
  EXPECT_NEAR(std::sqrt(h.variance().value) / h_error, 1, 0.4);
}

// Null hypothesis: float and double have the same mean growth, at 4.5 standard errors. The pairs' little noise shows a
// relative bias of 10^-5 a layer.
TEST(AntitheticSums, ShowNoBiasOfFloatAtDepthTenThousand) {
  for (const Network& network : {fully_connected({.width = 256, .depth = 10'000, .leak = -1}),
                                 vanilla({.width = 256, .depth = 10'000, .leak = 0.5})}) {
    const auto growth = [&](Precision precision, std::uint64_t seed) {
      const SimulationOptions options{
          .samples = 96, .seed = seed, .precision = precision, .estimator = Estimator::kAntithetic};
      return simulate(network, options).antithetic->growth_mean.estimate;
    };
    const Estimate in_float = growth(Precision::kFloat, 1);
    const Estimate in_double = growth(Precision::kDouble, 2);
    EXPECT_LT(in_float.std_error, 0.06);
    EXPECT_LT(std::abs(z_score(in_float, in_double)), 4.5);
  }
}

TEST(AntitheticSums, AreOfOppositeNumbers) {
  // Without asymmetry the sign of everything changes, and no norm does.
  const Network even = vanilla({.width = 5, .depth = 4, .leak = -1});
  const Block block = make_fast_engine(even, Input(), 1, Precision::kDouble)->run(0, kBlock);
  const Block mirrored = make_antithetic_engine(even, 1, Precision::kDouble)->run(0, kBlock);
  for (std::size_t i = 0; i < block.log_norm2.size(); ++i) {
    EXPECT_NEAR(mirrored.log_norm2[i], block.log_norm2[i], 1e-14);  // rounding depends on signs
  }
  for (std::size_t i = 0; i < block.active.size(); ++i) EXPECT_NEAR(mirrored.active[i], 1 - block.active[i], 1e-15);

  const Network relu = vanilla({.width = 5, .depth = 4});
  const Block one = make_fast_engine(relu, Input(), 1, Precision::kFloat)->run(0, kBlock);
  const Block other = make_antithetic_engine(relu, 1, Precision::kFloat)->run(0, kBlock);
  for (std::size_t i = 0; i < kBlock; ++i) EXPECT_NEAR(other.S[i], -one.S[i], 1e-6);
}

TEST(AntitheticSums, CountBothNetworks) {
  std::uint64_t done = 0;
  const Ensemble ensemble =
      simulate(vanilla({.width = 10, .depth = 5}), {.samples = 1000, .estimator = Estimator::kAntithetic}, {},
               [&](std::uint64_t samples) {
                 done = samples;
                 return true;
               });
  EXPECT_EQ(ensemble.samples, 1000);
  EXPECT_EQ(done, 1000);
  EXPECT_EQ(ensemble.growth.count(), 500);
}

TEST(AntitheticSums, AreRefusedWhereTheyMakeNoSense) {
  const auto refuses = [](const Network& network, SimulationOptions options, const char* named) {
    options.estimator = Estimator::kAntithetic;
    EXPECT_THAT([&] { simulate(network, options); }, ThrowsMessage<std::invalid_argument>(HasSubstr(named)));
  };
  const Network network = vanilla({.width = 10, .depth = 5});
  refuses(network, {.samples = 11}, "odd");
  refuses(network, {.method = Method::kDense}, "dense");
  refuses(fully_connected({.width = 10, .depth = 5}), {}, "die");
  refuses(vanilla({.width = 10, .depth = 2, .alpha = std::vector<double>{1, 0}}), {}, "die");
}

}  // namespace
}  // namespace initlaw
