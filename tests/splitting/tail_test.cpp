#include "initlaw/tail.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "splitting/particle_splitting.hpp"
#include "splitting/tail_task.hpp"
#include "support/sanitized.hpp"

namespace initlaw {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Null hypothesis: in narrow and in deep nets, near and far out, (estimate - exact)/error is Student's t of 31 degrees
// of freedom. Of 96 of them some 5 are beyond 2, and 14 or more with a probability of 5 10^-4; their mean and mean
// square are tested at 4.5 of their standard deviations. Errors that miss the truth in one run of two, as those of
// particle systems do that cannot reach the tail, make 48.
TEST(Tail, HasHonestErrorsHoweverFarOut) {
  struct Case {
    std::vector<std::size_t> widths;
    double threshold;
  };
  const std::vector<Case> cases{
      {{3, 3}, 60},
      {std::vector<std::size_t>(5, 8), 80},
      {std::vector<std::size_t>(12, 20), 640},
      {{2, 2}, 21},
      {{2, 2}, 81},
      {{4, 4, 4}, 154},
      {std::vector<std::size_t>(21, 2), 2e5},
      {{30, 30}, 19.3},
      {{2, 30, 2, 30, 5}, 268},
      {{30, 20, 10, 5, 2}, 242},
      {{2, 5, 10, 20, 30}, 287},
      {std::vector<std::size_t>(6, 12), 10},
  };
  constexpr std::uint64_t kSeeds = 8;
  Moments scores;
  int beyond = 0;
  for (const auto& [widths, threshold] : cases) {
    const Network network = fully_connected({.width = widths, .depth = widths.size() - 1});
    const Law exact = exact_fully_connected(network);
    const double expected = (1 - exact.dead_probability()) * 2 * exact.output().survival(threshold);
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      const Tail tail = tail_probability(network, {.threshold = threshold, .samples = 32'768, .seed = seed});
      const auto [value, std_error] = tail.probability;
      EXPECT_TRUE(tail.converged()) << to_json(network);
      EXPECT_LT(std_error, 0.05 * value) << to_json(network);
      const double score = (value - expected) / std_error;
      scores.add(score);
      if (std::abs(score) > 2) ++beyond;
    }
  }
  const double n = static_cast<double>(cases.size() * kSeeds);
  constexpr double kVariance = 31.0 / 29;
  EXPECT_LT(beyond, 14);
  EXPECT_NEAR(scores.mean().value, 0, 4.5 * std::sqrt(kVariance / n));
  EXPECT_NEAR(scores.variance().value, kVariance, 4.5 * kVariance * std::sqrt(2.2 / n));
}

// A law whose tail is a plain normal's: with that many neurons nothing but the output layer is random.
TEST(Tail, IsNormalInWideShallowNetworks) {
  const Network network = balanced({.width = 20'000, .depth = 1, .lambda = 0.01});
  const double threshold = 7 * std::exp(infinite_width(network).log_second_moment() / 2);
  const Tail tail = tail_probability(network, {.threshold = threshold, .samples = 2048});
  // f(G) = erfc(7 e^{-G/2}/sqrt 2) to second order in G, of mean -1/n and variance 2/n; the third is 5e-4.
  const double slope = 7 * std::exp(-24.5) / std::sqrt(2 * std::numbers::pi) / std::erfc(7 / std::numbers::sqrt2);
  const double expected = 1 + slope * (24 - 1) / 20'000;
  EXPECT_LT(tail.probability.std_error, 0.001 * tail.probability.value);
  EXPECT_NEAR(tail.probability.value / std::erfc(7 / std::numbers::sqrt2), expected, 0.002);
}

// Null hypothesis: every family and extension has the same tail in particle systems as in independent networks, at 4.5
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
// errors of particle systems.
TEST(ParticleSystem, IsUnbiasedWhateverItFavours) {
  const std::vector<double> alphas{0.9, -0.5, 1.1};
  const std::vector<double> lambdas{0.3, 0.8, -0.6};
  const std::vector<Network> networks{
      vanilla({.width = 8, .depth = 12}),
      vanilla({.width = 6, .depth = 3, .alpha = alphas, .lambda = lambdas, .leak = 0.3, .branch_depth = 3}),
      stable({.width = 6, .depth = 3}).with_flip(0.3),
      fully_connected({.width = std::vector<std::size_t>{5, 7, 6, 8}, .depth = 3, .leak = 0.2}),
  };
  for (const Network& network : networks) {
    const Estimate expected = simulate(network, {.samples = support::samples(1'000'000), .seed = 5}).growth.mean();
    for (const double theta : {-0.5, 0.0, 0.7, 1.0}) {
      const Tilt tilt = make_tilt(network, theta);
      Moments weights;
      Moments growth;
      for (std::uint64_t index = 0; index < 100; ++index) {
        const WeightedGrowth system = split_particles(network, tilt, 1, index);
        double weight = 0;
        double G = 0;
        for (std::size_t i = 0; i < system.growth.size(); ++i) {
          weight += std::exp(system.log_weight[i]);
          G += std::exp(system.log_weight[i]) * system.growth[i];
        }
        weights.add(weight / static_cast<double>(system.growth.size()));
        growth.add(G / static_cast<double>(system.growth.size()));
      }
      EXPECT_NEAR(weights.mean().value, 1, 4.5 * weights.mean().std_error + 1e-12) << to_json(network) << theta;
      EXPECT_NEAR(growth.mean().value, expected.value, 4.5 * std::hypot(growth.mean().std_error, expected.std_error))
          << to_json(network) << theta;
    }
  }
}

TEST(Tail, ReachesTenToTheMinusTwelve) {
  const Tail tail = tail_probability(vanilla({.width = 100, .depth = 50}), {.threshold = 250, .samples = 40'000});
  EXPECT_LT(tail.probability.value, 1e-11);
  EXPECT_GT(tail.probability.value, 1e-13);
  EXPECT_LT(tail.probability.std_error, 0.02 * tail.probability.value);
}

// With normals tilted along the skip path and in a branch's inner layers errors are 2.5% here, else above 3%.
TEST(Tail, IsReachedInNarrowResNets) {
  const std::pair<Network, double> cases[] = {
      {vanilla({.width = 8, .depth = 10}), 3000},
      {vanilla({.width = 3, .depth = 5, .branch_depth = 3}), 1e4},
      {balanced({.width = 10, .depth = 20}), 300},
  };
  for (const auto& [network, threshold] : cases) {
    const Tail tail = tail_probability(network, {.threshold = threshold, .samples = 32'768});
    EXPECT_TRUE(tail.converged());
    EXPECT_LT(tail.probability.std_error, 0.03 * tail.probability.value) << to_json(network);
  }
}

// A growth of e^92 in three layers of two neurons is beyond any particle system: one of them makes all of the sum.
TEST(Tail, TellsIfItHasNotConverged) {
  const Network network = fully_connected({.width = 2, .depth = 3});
  EXPECT_FALSE(tail_probability(network, {.threshold = 1e20, .samples = 32'768}).converged());
  EXPECT_TRUE(tail_probability(network, {.threshold = 1e3, .samples = 32'768}).converged());
}

TEST(Tail, DoesNotDependOnTheThreads) {
  const Network network = vanilla({.width = 10, .depth = 5});
  const Tail one = tail_probability(network, {.threshold = 10, .samples = 33'000, .threads = 1});
  for (const unsigned threads : {2, 3, 4, 8, 16}) {
    const Tail other = tail_probability(network, {.threshold = 10, .samples = 33'000, .threads = threads});
    EXPECT_EQ(one.probability.value, other.probability.value);
    EXPECT_EQ(one.probability.std_error, other.probability.std_error);
  }
}

// From independent particle systems, as many as fill the samples, and none of which is counted twice.
TEST(Tail, IsTheMeanOfAsManySystemsAsTheSamplesAskFor) {
  const Network network = vanilla({.width = 10, .depth = 5});
  for (const auto& [samples, systems] : {std::pair(40 * 1024, 40), std::pair(40 * 1024 + 1, 41)}) {
    std::vector<std::uint64_t> done;
    const Tail tail = tail_probability(network, {.threshold = 10, .samples = static_cast<std::uint64_t>(samples)}, {},
                                       [&](std::uint64_t count) {
                                         if (count > 0) done.push_back(count);
                                         return true;
                                       });
    ASSERT_EQ(done.size(), systems);
    for (std::size_t i = 0; i < done.size(); ++i) EXPECT_EQ(done[i], 1024 * (i + 1));
    EXPECT_EQ(tail.samples, done.back());
  }
}

// Null hypothesis: of ten times as many samples the error is smaller by the square root of ten, to 4 standard
// deviations of an error of 40 particle systems.
TEST(Tail, HasAnErrorThatFallsWithTheSamples) {
  const Network network = vanilla({.width = 10, .depth = 5});
  const Tail few = tail_probability(network, {.threshold = 10, .samples = 40'960});
  const Tail many = tail_probability(network, {.threshold = 10, .samples = 409'600});
  EXPECT_NEAR(few.probability.std_error / many.probability.std_error, std::sqrt(10), std::sqrt(10) * 4 / std::sqrt(80));
}

TEST(Tail, AsksForLeaveBeforeItMeasures) {
  std::vector<std::uint64_t> asked;
  const auto stop_at = [&](std::size_t call) {
    asked.clear();
    return tail_probability(vanilla({.width = 10, .depth = 5}), {.threshold = 10}, {}, [&](std::uint64_t done) {
      asked.push_back(done);
      return asked.size() < call;
    });
  };
  for (const std::size_t call : {1, 2}) {
    const Tail tail = stop_at(call);
    EXPECT_EQ(asked.size(), call);
    EXPECT_THAT(asked, Each(0));
    EXPECT_EQ(tail.samples, 0);
    EXPECT_FALSE(tail.converged());
  }
}

TEST(Tail, StopsWhereItIsTold) {
  const Tail tail = tail_probability(vanilla({.width = 10, .depth = 5}), {.threshold = 10}, {},
                                     [](std::uint64_t done) { return done < 5000; });
  EXPECT_EQ(tail.samples, 5 * 1024);
}

TEST(Tail, RefusesWhatMakesNoSense) {
  const auto with = [](const TailOptions& options) {
    return [options] { tail_probability(vanilla({.width = 10, .depth = 5}), options); };
  };
  using Error = std::invalid_argument;
  EXPECT_THAT(with({.threshold = 0}), ThrowsMessage<Error>(HasSubstr("threshold: 0 is not a positive number")));
  EXPECT_THAT(with({.threshold = NAN}), ThrowsMessage<Error>(HasSubstr("threshold")));
  EXPECT_THAT(with({.samples = 1000}), ThrowsMessage<Error>(HasSubstr("samples: 1000 is out of range [32768")));
  // It is the widest layer that needs memory, wherever it is.
  const auto wide = [] { tail_probability(fully_connected({.width = Widths({1, 1'000'000'000}), .depth = 1}), {}); };
  EXPECT_THAT(wide, ThrowsMessage<Error>(HasSubstr("width 1000000000: the particle systems would take")));
}

}  // namespace
}  // namespace initlaw
