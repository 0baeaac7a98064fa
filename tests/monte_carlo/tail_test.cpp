#include "initlaw/tail.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "monte_carlo/population.hpp"

namespace initlaw {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Null hypothesis: the estimate has the exact law's expectation, at 4.5 standard errors of 5% at most.
TEST(Tail, IsTheExactLawsOfFullyConnectedNets) {
  const Network network = fully_connected({.width = 20, .depth = 10});
  const Law exact = exact_fully_connected(network);
  for (const double threshold : {3.0, 30.0, 100.0}) {
    const Tail tail = tail_probability(network, {.threshold = threshold, .samples = 400'000});
    const double expected = (1 - exact.dead_probability()) * 2 * exact.output().survival(threshold);
    const auto [value, std_error] = tail.probability;
    EXPECT_LT(std_error, 0.05 * value) << threshold;
    EXPECT_NEAR(value, expected, 4.5 * std_error) << threshold;
  }
}

// A law whose tail is a plain normal's: with that many neurons nothing but the output layer is random.
TEST(Tail, IsNormalInWideShallowNetworks) {
  const Network network = balanced({.width = 20'000, .depth = 1, .lambda = 0.01});
  const double threshold = 7 * std::exp(infinite_width(network).log_second_moment() / 2);
  const Tail tail = tail_probability(network, {.threshold = threshold, .samples = 1024});
  EXPECT_NEAR(tail.probability.value / std::erfc(7 / std::sqrt(2.0)), 1, 0.02);
}

// Null hypothesis: every family and extension has the same tail in populations as in independent networks, at 4.5
// standard errors. P is about 10^-2, where both see it.
TEST(Tail, IsThatOfIndependentNetworks) {
  const std::vector<double> alphas{0.9, -0.5, 1.1};
  const std::vector<double> lambdas{0.3, 0.8, -0.6};
  const std::vector<Network> networks{
      vanilla({.width = 6, .depth = 3}),
      vanilla({.width = 6, .depth = 3, .alpha = alphas, .lambda = lambdas, .leak = 0.3, .branch_depth = 3}),
      balanced({.width = 6, .depth = 3}),
      stable({.width = 6, .depth = 3}).with_flip(0.3),
      fully_connected({.width = std::vector<std::size_t>{5, 7, 6, 8}, .depth = 3}),
  };
  const Input input({3});
  for (const Network& network : networks) {
    const Ensemble plain = simulate(network, {.samples = 1'000'000, .seed = 2}, input);
    const auto& histogram = *plain.log_output_square_histogram;
    const double threshold = std::exp(histogram.quantile(0.99).value / 2);
    // Of all networks, 1% of those alive.
    const double p = 0.01 * static_cast<double>(plain.samples - plain.dead) / static_cast<double>(plain.samples);
    const Tail tail = tail_probability(network, {.threshold = threshold, .seed = 3}, input);
    const double error = std::hypot(tail.probability.std_error, std::sqrt(p / 1e6));
    EXPECT_LT(std::abs(tail.probability.value - p), 4.5 * error) << to_json(network);
    EXPECT_GT(tail.variance_reduction, 2) << to_json(network);
  }
}

// Null hypothesis: whatever is favoured, the weights average to 1 and the weighted growth to E G, at 4.5 standard
// errors of populations.
TEST(Population, IsUnbiasedWhateverItFavours) {
  const Network network = vanilla({.width = 8, .depth = 12});
  const double expected = simulate(network, {.samples = 4'000'000, .seed = 5}).G.mean().value;
  for (const double theta : {-0.5, 0.0, 0.7}) {
    const Favour favour = make_favour(network, theta);
    Moments weights;
    Moments growth;
    for (std::uint64_t index = 0; index < 300; ++index) {
      const WeightedGrowth population = grow_population(network, favour, 1, index);
      double weight = 0;
      double G = 0;
      for (std::size_t i = 0; i < population.G.size(); ++i) {
        weight += std::exp(population.log_weight[i]);
        G += std::exp(population.log_weight[i]) * population.G[i];
      }
      weights.add(weight / static_cast<double>(population.G.size()));
      growth.add(G / static_cast<double>(population.G.size()));
    }
    EXPECT_NEAR(weights.mean().value, 1, 4.5 * weights.mean().std_error + 1e-12) << theta;
    EXPECT_NEAR(growth.mean().value, expected, 4.5 * std::hypot(growth.mean().std_error, 1e-3)) << theta;
  }
}

TEST(Tail, ReachesTenToTheMinusTwelve) {
  const Tail tail = tail_probability(vanilla({.width = 100, .depth = 50}), {.threshold = 250});
  EXPECT_LT(tail.probability.value, 1e-11);
  EXPECT_GT(tail.probability.value, 1e-13);
  EXPECT_LT(tail.probability.std_error, 0.1 * tail.probability.value);
}

TEST(Tail, DoesNotDependOnTheThreads) {
  const Network network = vanilla({.width = 10, .depth = 5});
  const Tail one = tail_probability(network, {.threshold = 10, .samples = 20'000, .threads = 1});
  const Tail four = tail_probability(network, {.threshold = 10, .samples = 20'000, .threads = 4});
  EXPECT_EQ(one.probability.value, four.probability.value);
  EXPECT_EQ(one.probability.std_error, four.probability.std_error);
}

TEST(Tail, StopsWhereItIsTold) {
  const Tail tail = tail_probability(vanilla({.width = 10, .depth = 5}), {.threshold = 10}, {},
                                     [](std::uint64_t done) { return done < 5000; });
  EXPECT_EQ(tail.samples, 5 * 1024);
}

TEST(Tail, RefusesWhatMakesNoSense) {
  const auto with = [](const TailPlan& plan) {
    return [plan] { tail_probability(vanilla({.width = 10, .depth = 5}), plan); };
  };
  using Error = std::invalid_argument;
  EXPECT_THAT(with({.threshold = 0}), ThrowsMessage<Error>(HasSubstr("threshold: 0 is not a positive number")));
  EXPECT_THAT(with({.threshold = NAN}), ThrowsMessage<Error>(HasSubstr("threshold")));
  EXPECT_THAT(with({.samples = 1000}), ThrowsMessage<Error>(HasSubstr("samples: 1000 is out of range [16384")));
}

}  // namespace
}  // namespace initlaw
