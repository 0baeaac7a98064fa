#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include "engine/engine.hpp"
#include "simulation/simulation_task.hpp"
#include "support/sanitized.hpp"
#include "support/simd_targets.hpp"
#include "support/small_networks.hpp"

namespace initlaw {
namespace {

using support::OnTarget;
using support::simd_targets;

constexpr OutputDirection kDirections[] = {OutputDirection::kRandom, OutputDirection::kOrthogonal};

/// What is recorded of gradients, one Moments each: the logarithms that are finite, how many are not, the products of
/// each layer's with G, and the input's.
std::vector<Moments> figures(const Engine& engine, std::uint64_t blocks) {
  std::vector<Moments> figures;
  for (std::uint64_t q = 0; q < blocks; ++q) {
    const Block block = engine.run(kBlock * q, kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) {
      const double G = block.last_log_norm2()[i];
      if (std::isinf(G)) continue;
      std::size_t next = 0;
      const auto record = [&](double log_value) {
        figures.resize(std::max(figures.size(), next + 4));
        figures[next++].add(std::isinf(log_value) ? 1 : 0);
        if (!std::isinf(log_value)) {
          figures[next].add(log_value);
          figures[next + 1].add(log_value * log_value);
          figures[next + 2].add(log_value * G);
        }
        next += 3;
      };
      for (const auto* values : {&block.gradients->log_norm2, &block.gradients->log_weight2}) {
        for (std::size_t element = i; element < values->size(); element += kBlock) record((*values)[element]);
      }
      record(block.gradients->log_input_norm2[i]);
    }
  }
  return figures;
}

/// Each of the figures differs by less than 4.5 standard errors.
void expect_same(const std::vector<Moments>& fast, const std::vector<Moments>& dense) {
  ASSERT_EQ(fast.size(), dense.size());
  for (std::size_t i = 0; i < fast.size(); ++i) {
    if (dense[i].count() < 2) {
      EXPECT_LT(fast[i].count(), 10);
      continue;
    }
    const double error = std::hypot(fast[i].mean().std_error, dense[i].mean().std_error);
    const double difference = fast[i].mean().value - dense[i].mean().value;
    EXPECT_LE(std::abs(difference), 4.5 * error + 1e-12) << "figure " << i;
  }
}

class FastGradient : public ::testing::TestWithParam<SmallNetwork> {};

// Null hypothesis: gradients without weights have the law of those that are propagated back through weights. Each of
// some 60 figures differs by less than 4.5 standard errors.
TEST_P(FastGradient, SamplesTheLawOfBackpropagation) {
  const Network& network = GetParam().network;
  constexpr std::uint64_t kBlocks = support::samples(1000);
  for (const OutputDirection direction : kDirections) {
    const auto dense = figures(*make_dense_engine(network, Input(), 1, Precision::kDouble, direction), kBlocks);
    for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
      const auto fast = figures(*make_fast_engine(network, Input(), 2, precision, direction), 4 * kBlocks);
      expect_same(fast, dense);
    }
  }
}

// The same null hypothesis for layers that get narrower and wider at random, of which gradients are shorter or longer
// than those above them.
TEST(Gradients, OfLayersOfAnyWidthsHaveTheLawOfBackpropagation) {
  std::mt19937_64 generator(3);
  for (int i = 0; i < 12; ++i) {
    std::vector<std::size_t> widths(2 + generator() % 4);
    for (std::size_t& width : widths) width = 2 + generator() % 11;
    const Network network =
        fully_connected({.width = widths, .depth = widths.size() - 1, .inputs = 2, .leak = i % 2 * 0.3});
    SCOPED_TRACE(to_json(network));
    for (const OutputDirection direction : kDirections) {
      const auto dense =
          figures(*make_dense_engine(network, Input(), 1, Precision::kDouble, direction), support::samples(300));
      for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
        expect_same(figures(*make_fast_engine(network, Input(), 2, precision, direction), support::samples(1200)),
                    dense);
      }
      const auto bytes = [&](unsigned threads) {
        return to_bytes(simulate(
            network, {.samples = support::samples(50'000), .threads = threads, .gradients = direction}, Input({1, 2})));
      };
      EXPECT_TRUE(bytes(1) == bytes(2));
    }
  }
}

TEST_P(FastGradient, LeavesTheForwardPassAsItIs) {
  const auto plain = make_fast_engine(GetParam().network, Input(), 3, Precision::kFloat)->run(7, kBlock);
  const auto taped =
      make_fast_engine(GetParam().network, Input(), 3, Precision::kFloat, kDirections[0])->run(7, kBlock);
  EXPECT_EQ(taped.log_norm2, plain.log_norm2);
  EXPECT_EQ(taped.S, plain.S);
  EXPECT_EQ(taped.output, plain.output);
}

TEST_P(FastGradient, GivesTheSameBitsOnEveryInstructionSet) {
  const auto engine = make_fast_engine(GetParam().network, Input(), 3, Precision::kFloat, kDirections[0]);
  const auto living = [&] {
    std::vector<double> all;
    const Block block = engine->run(5, kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) {
      if (std::isinf(block.last_log_norm2()[i])) continue;
      for (std::size_t k = i; k < block.gradients->log_norm2.size(); k += kBlock) {
        all.push_back(block.gradients->log_norm2[k]);
        all.push_back(block.gradients->log_weight2[k]);
      }
      all.push_back(block.gradients->log_input_norm2[i]);
    }
    return all;
  };
  const auto expected = living();
  for (const std::int64_t target : simd_targets()) {
    const OnTarget on_target(target);
    EXPECT_EQ(living(), expected) << hwy::TargetName(target);
  }
}

// E f^2 = E||df/dz_0||^2 ||x||^2/n_in exactly, at every width and depth: f is homogeneous in z_0 and its kinks cancel
// (docs/gradient-law.md). Null hypothesis: the mean difference is 0; rejected at 4.5 standard errors.
TEST_P(FastGradient, SharesItsEnergyEvenlyAmongDirections) {
  const Network& network = GetParam().network;
  const auto engine = make_fast_engine(network, Input(), 11, Precision::kDouble, OutputDirection::kRandom);
  Moments difference;
  for (std::uint64_t q = 0; q < support::samples(20'000); ++q) {
    const Block block = engine->run(kBlock * q, kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) {
      const double G = block.last_log_norm2()[i];
      difference.add(std::isinf(G) ? 0 : std::exp(block.gradients->log_norm2[i]) - std::exp(G));
    }
  }
  EXPECT_LT(std::abs(difference.mean().value), 4.5 * difference.mean().std_error);
}

INSTANTIATE_TEST_SUITE_P(Networks, FastGradient, ::testing::ValuesIn(small_networks()),
                         [](const auto& test) { return test.param.name; });

/// A vanilla ResNet with weights of its own, written down as in network.hpp, and differentiated by differences.
class Differences {
 public:
  static constexpr std::size_t kWidth = 4, kDepth = 2, kBranch = 2, kInputs = 3;
  static constexpr double kAlpha = 0.8, kLambda = 0.7, kLeak = 0.2;

  explicit Differences(std::mt19937_64& generator) {
    std::normal_distribution<double> normal;
    const auto draw = [&](std::size_t count) {
      matrices_.emplace_back(count);
      for (double& weight : matrices_.back()) weight = normal(generator);
    };
    draw(kWidth * kInputs);
    for (std::size_t i = 0; i < kDepth * kBranch; ++i) draw(kWidth * kWidth);
    draw(kWidth);
  }

  static Network network() {
    return vanilla({.width = kWidth,
                    .depth = kDepth,
                    .alpha = kAlpha,
                    .lambda = kLambda,
                    .inputs = kInputs,
                    .leak = kLeak,
                    .branch_depth = kBranch});
  }

  /// ||df/dx||^2, and ||df/dW||^2 of all weights of W_0, of layer 1, of layer 2, of W_out.
  std::vector<double> squares() {
    std::vector<double> result{square(x_)};
    result.push_back(square(matrices_[0]));
    for (std::size_t l = 0; l < kDepth; ++l) {
      result.push_back(square(matrices_[1 + kBranch * l]) + square(matrices_[2 + kBranch * l]));
    }
    result.push_back(square(matrices_.back()));
    return result;
  }
  static const std::vector<double>& input() {
    static const std::vector<double> x{0.5, -1, 2};
    return x;
  }

 private:
  double square(std::vector<double>& numbers) const {
    constexpr double kStep = 1e-6;
    double sum = 0;
    for (double& number : numbers) {
      const double kept = number;
      number = kept + kStep;
      const double above = f();
      number = kept - kStep;
      const double below = f();
      number = kept;
      sum += std::pow((above - below) / (2 * kStep), 2);
    }
    return sum;
  }

  static std::vector<double> times(const std::vector<double>& W, const std::vector<double>& v) {
    std::vector<double> result(W.size() / v.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = std::inner_product(v.begin(), v.end(), W.begin() + static_cast<std::ptrdiff_t>(i * v.size()), 0.0) /
                  std::sqrt(static_cast<double>(v.size()));
    }
    return result;
  }

  double f() const {
    const double positive = std::sqrt(2 / (1 + kLeak * kLeak));
    std::vector<double> z = times(matrices_[0], x_);
    for (std::size_t l = 0; l < kDepth; ++l) {
      std::vector<double> branch = z;
      for (std::size_t j = 0; j < kBranch; ++j) {
        for (double& component : branch) component *= component > 0 ? positive : positive * kLeak;
        branch = times(matrices_[1 + kBranch * l + j], branch);
      }
      for (std::size_t i = 0; i < z.size(); ++i) z[i] = kAlpha * z[i] + kLambda * branch[i];
    }
    return times(matrices_.back(), z)[0];
  }

  std::vector<std::vector<double>> matrices_;
  std::vector<double> x_ = input();
};

// Null hypothesis: simulate()'s gradients have the law of derivatives taken by differences, weight by weight, in
// networks that share no code with it. Means and variances of the logarithms differ by less than 4.5 standard errors.
TEST(Gradients, AreDerivatives) {
  std::mt19937_64 generator(1);
  std::vector<Moments> expected(6);
  for (std::uint64_t sample = 0; sample < support::samples(20'000); ++sample) {
    const std::vector<double> squares = Differences(generator).squares();
    for (std::size_t i = 0; i < squares.size(); ++i) expected[i].add(std::log(squares[i]));
    expected[5].add(std::log(std::accumulate(squares.begin() + 1, squares.end(), 0.0)));
  }
  const Ensemble ensemble =
      simulate(Differences::network(), {.samples = support::samples(200'000), .gradients = OutputDirection::kRandom},
               Input(Differences::input()));
  const Gradients& gradients = *ensemble.gradients;
  const auto same = [](const Estimate& a, const Estimate& b) {
    return std::abs(a.value - b.value) < 4.5 * std::hypot(a.std_error, b.std_error);
  };
  EXPECT_TRUE(same(gradients.log_input_norm2.mean(), expected[0].mean()));
  EXPECT_TRUE(same(gradients.log_input_norm2.variance(), expected[0].variance()));
  for (std::size_t l = 0; l <= 2; ++l) {
    EXPECT_TRUE(same(gradients.layers[l].log_weight2_mean, expected[1 + l].mean())) << l;
    EXPECT_TRUE(same(gradients.layers[l].log_weight2_variance, expected[1 + l].variance())) << l;
  }
  EXPECT_TRUE(same(gradients.log_ntk.mean(), expected[5].mean()));
  EXPECT_TRUE(same(gradients.log_ntk.variance(), expected[5].variance()));
}

// Known since Hanin, Nica (2020): variance 5/n a layer, and mean -5/(2n), up to a share of order 1/n, here 6/n. Null
// hypothesis: that; rejected at 4.5 standard errors.
TEST(Gradients, OfFullyConnectedNetsHaveTheKnownVariance) {
  for (const std::size_t n : {50, 200}) {
    const Network network = fully_connected({.width = n, .depth = n / 2});
    const Ensemble ensemble =
        simulate(network, {.samples = support::samples(50'000), .gradients = OutputDirection::kRandom});
    const Estimate variance = ensemble.gradients->growth.variance();
    const Estimate mean = ensemble.gradients->growth.mean();
    const double share = 6 / static_cast<double>(n);
    EXPECT_NEAR(variance.value, 2.5, 2.5 * share + 4.5 * variance.std_error) << n;
    EXPECT_NEAR(mean.value, -1.25, 1.25 * share + 4.5 * mean.std_error) << n;
  }
}

TEST(Gradients, DivideTheTangentKernelIntoShares) {
  const Network network = balanced({.width = 20, .depth = 6, .branch_depth = 2});
  for (const OutputDirection direction : kDirections) {
    const Ensemble ensemble = simulate(network, {.samples = 1000, .gradients = direction});
    const Gradients& gradients = *ensemble.gradients;
    double sum = gradients.output_ntk_share.value;
    for (const LayerGradient& layer : gradients.layers) sum += layer.ntk_share.value;
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_EQ(gradients.growth_histogram.count(), 1000);
  }
}

// A ReLU layer without skip path and with one active neuron passes no gradient that is orthogonal to z. Of width n that
// has probability n 2^-n.
TEST(Gradients, ThatVanishAreCounted) {
  const Network network = fully_connected({.width = 5, .depth = 1, .inputs = 2});
  for (const Method method : {Method::kFast, Method::kDense}) {
    const Ensemble ensemble = simulate(
        network, {.samples = support::samples(100'000), .method = method, .gradients = OutputDirection::kOrthogonal});
    const double living = static_cast<double>(ensemble.samples - ensemble.dead);
    const double share = static_cast<double>(ensemble.gradients->vanished) / living;
    const double expected = 5 * std::exp2(-5) / (1 - std::exp2(-5));
    EXPECT_NEAR(share, expected, 4.5 * std::sqrt(expected / living));
    EXPECT_EQ(ensemble.gradients->growth.count() + ensemble.gradients->vanished + ensemble.dead, ensemble.samples);
    EXPECT_GT(ensemble.gradients->growth_histogram.smallest(), -60) << "rounding taken for a gradient";
  }
  const Ensemble random = simulate(network, {.samples = 10'000, .gradients = OutputDirection::kRandom});
  EXPECT_EQ(random.gradients->vanished, 0);
}

/// Of orthogonal gradients: how many vanish of the living, and the mean growth of the others.
struct Orthogonal {
  double vanished;
  double living;
  Estimate growth;
};
Orthogonal orthogonal(const Network& network, const SimulationOptions& options) {
  SimulationOptions with_gradients = options;
  with_gradients.gradients = OutputDirection::kOrthogonal;
  const Ensemble ensemble = simulate(network, with_gradients);
  return {static_cast<double>(ensemble.gradients->vanished), static_cast<double>(ensemble.samples - ensemble.dead),
          ensemble.gradients->growth.mean()};
}

// Without skip path a gradient that is orthogonal to z is 0 behind a layer, or a branch's inner layer, of one neuron,
// and of one active neuron; what rounding leaves there is no gradient. Null hypothesis: the share that vanishes and the
// mean of the others are those of backpropagation in double precision, 4.5 standard errors.
TEST(Gradients, ThatAreOrthogonalVanishBehindOneNeuron) {
  const auto widths = [](std::vector<std::size_t> list, double leak) {
    const std::size_t depth = list.size() - 1;
    return fully_connected({.width = std::move(list), .depth = depth, .leak = leak});
  };
  for (const Network& network : {widths({4, 1, 4}, 0.3), widths({1, 4}, -1), widths({1, 2, 4, 8}, 0)}) {
    for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
      const Orthogonal found = orthogonal(network, {.samples = 1000, .precision = precision});
      EXPECT_EQ(found.vanished, found.living) << to_json(network);
    }
  }
  for (const std::size_t branch_depth : {2u, 4u}) {
    const Network network =
        vanilla({.width = 3, .depth = 2, .alpha = 0, .lambda = 1, .leak = 0, .branch_depth = branch_depth});
    const Orthogonal expected = orthogonal(
        network, {.samples = support::samples(20'000), .method = Method::kDense, .precision = Precision::kDouble});
    const double share = expected.vanished / expected.living;
    for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
      const Orthogonal found =
          orthogonal(network, {.samples = support::samples(20'000), .seed = 2, .precision = precision});
      EXPECT_NEAR(found.vanished / found.living, share, 4.5 * std::sqrt(2 * share * (1 - share) / found.living));
      EXPECT_NEAR(found.growth.value, expected.growth.value,
                  4.5 * std::hypot(found.growth.std_error, expected.growth.std_error));
    }
  }
}

// What a small skip path leaves of an orthogonal gradient is far below the rounding of its branch. Null hypothesis:
// float and double agree, 4.5 standard errors.
TEST(Gradients, ThatAreOrthogonalKeepWhatASmallSkipPathPasses) {
  for (const double alpha : {1e-3, 1e-6}) {
    const Network network = vanilla({.width = 2, .depth = 4, .alpha = alpha, .lambda = 0.7});
    const Orthogonal in_float = orthogonal(network, {.samples = support::samples(50'000)});
    const Orthogonal in_double =
        orthogonal(network, {.samples = support::samples(50'000), .seed = 2, .precision = Precision::kDouble});
    EXPECT_NEAR(in_float.growth.value, in_double.growth.value,
                4.5 * std::hypot(in_float.growth.std_error, in_double.growth.std_error));
  }
}

TEST(Gradients, AreRefusedWhereAFloatWouldLoseThem) {
  const auto refuses = [](const Network& network, const SimulationOptions& options) {
    EXPECT_THROW(simulate(network, options), std::invalid_argument);
    SimulationOptions in_double = options;
    in_double.precision = Precision::kDouble;
    EXPECT_NO_THROW(simulate(network, in_double));
  };
  refuses(vanilla({.width = 3, .depth = 2, .alpha = 1, .lambda = 1e-4, .branch_depth = 2}),
          {.samples = 16, .gradients = OutputDirection::kRandom});
  refuses(vanilla({.width = 3, .depth = 2, .alpha = 1e-4, .lambda = 1}),
          {.samples = 16, .method = Method::kDense, .gradients = OutputDirection::kOrthogonal});
  EXPECT_THROW(simulate(vanilla({.width = 3, .depth = 2, .branch_depth = 1000}),
                        {.samples = 16, .gradients = OutputDirection::kRandom}),
               std::invalid_argument);
}

TEST(Gradients, AreNoneIfAllNetworksDied) {
  const Network network = fully_connected({.width = 1, .depth = 60});
  EXPECT_FALSE(simulate(network, {.samples = 100, .gradients = OutputDirection::kRandom}).gradients.has_value());
}

TEST(Gradients, OfLayersWithoutWeightsAreLeftOut) {
  const Network network = vanilla({.width = 6, .depth = 2, .alpha = 1, .lambda = std::vector{0.0, 1.0}});
  for (const Method method : {Method::kFast, Method::kDense}) {
    const Ensemble ensemble =
        simulate(network, {.samples = 100, .method = method, .gradients = OutputDirection::kRandom});
    EXPECT_TRUE(std::isnan(ensemble.gradients->layers[1].log_weight2_mean.value));
    EXPECT_EQ(ensemble.gradients->layers[1].ntk_share.value, 0);
    EXPECT_NEAR(ensemble.gradients->layers[1].log_norm2_mean.value, ensemble.gradients->layers[0].log_norm2_mean.value,
                1e-6);
  }
}

TEST(Gradients, NeverOverflow) {
  const Network network = vanilla({.width = 30, .depth = 3000, .alpha = 1, .lambda = 1});
  const Ensemble ensemble = simulate(network, {.samples = 32, .gradients = OutputDirection::kRandom});
  const double mean = ensemble.gradients->growth.mean().value;
  EXPECT_GT(mean, 1000);
  EXPECT_TRUE(std::isfinite(ensemble.gradients->log_ntk.variance().value));
  EXPECT_LT(mean, 3000 * std::log(2.0));
}

TEST(Gradients, HaveTheSameBytesOnAnyNumberOfThreadsAndInAnyTeam) {
  const Network network = balanced({.width = 50, .depth = 20, .inputs = 2, .branch_depth = 2});
  const auto options = [](unsigned threads) {
    return SimulationOptions{.samples = 20'006, .threads = threads, .gradients = OutputDirection::kOrthogonal};
  };
  const std::string expected = to_bytes(simulate(network, options(1), Input({1, 2})));
  EXPECT_TRUE(to_bytes(simulate(network, options(3), Input({1, 2}))) == expected);
  EXPECT_TRUE(to_bytes(ensemble_from_bytes(expected)) == expected);
  const auto pool = make_thread_pool(3, run_simulation_task);
  EXPECT_TRUE(to_bytes(simulate(network, options(1), Input({1, 2}), {}, *pool)) == expected);
}

TEST(Gradients, AreRefusedWhereThereAreNone) {
  const Network narrow = fully_connected({.width = 1, .depth = 2});
  EXPECT_THROW(simulate(narrow, {.samples = 10, .gradients = OutputDirection::kOrthogonal}), std::invalid_argument);
  const Network huge = vanilla({.width = 100'000, .depth = 1'000'000});
  EXPECT_THROW(simulate(huge, {.samples = 10, .gradients = OutputDirection::kRandom}), std::invalid_argument);
  const Network dense = vanilla({.width = 100'000, .depth = 10});
  EXPECT_THROW(simulate(dense, {.samples = 10, .method = Method::kDense, .gradients = OutputDirection::kRandom}),
               std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
