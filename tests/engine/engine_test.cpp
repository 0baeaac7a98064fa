#include "engine/engine.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "initlaw/statistics.hpp"
#include "support/sanitized.hpp"
#include "support/simd_targets.hpp"
#include "support/small_networks.hpp"

namespace initlaw {
namespace {

using support::OnTarget;
using support::simd_targets;

/// The figures that a simulation rests on, one Moments each: G, its square, E||z_out||^2 and the first output, and by
/// layer S, the share of active neurons, their product over neighbouring layers.
std::vector<Moments> figures(const Engine& engine, const Network& network, std::uint64_t blocks) {
  const std::size_t d = network.depth();
  std::vector<Moments> figures(5 + 3 * d);
  for (std::uint64_t q = 0; q < blocks; ++q) {
    const Block block = engine.run(kBlock * q, kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) {
      const double G = block.last_log_norm2()[i];
      figures[0].add(std::isinf(G) ? 1 : 0);
      if (std::isinf(G)) continue;
      figures[1].add(G);
      figures[2].add(G * G);
      figures[3].add(std::exp((G + block.log_output_norm2[i]) / 2));
      figures[4].add(block.output[i] * block.output[i]);
      for (std::size_t l = 0; l < d; ++l) {
        figures[5 + 3 * l].add(block.S[l * kBlock + i]);
        figures[6 + 3 * l].add(block.active[l * kBlock + i]);
        figures[7 + 3 * l].add(block.S[l * kBlock + i] * block.S[(l + 1) % d * kBlock + i]);
      }
    }
  }
  return figures;
}

class FastEngine : public ::testing::TestWithParam<SmallNetwork> {};

// Null hypothesis: the fast and the dense engine sample the same law. Each of some 20 figures differs by less than 4.5
// standard errors; one case in 7,000 fails by chance.
TEST_P(FastEngine, SamplesTheLawOfTheDenseOne) {
  const Network& network = GetParam().network;
  constexpr std::uint64_t kBlocks = support::samples(2500);
  const auto dense = figures(*make_dense_engine(network, Input(), 1, Precision::kDouble), network, kBlocks);
  for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const auto fast = figures(*make_fast_engine(network, Input(), 2, precision), network, 4 * kBlocks);
    for (std::size_t i = 0; i < fast.size(); ++i) {
      const double error = std::hypot(fast[i].mean().std_error, dense[i].mean().std_error);
      const double difference = fast[i].mean().value - dense[i].mean().value;
      EXPECT_LE(std::abs(difference), 4.5 * error + 1e-12) << "figure " << i;
    }
  }
}

/// All that is recorded of a block's living networks.
std::vector<double> living(const Block& block) {
  std::vector<double> all;
  for (std::size_t i = 0; i < kBlock; ++i) {
    if (std::isinf(block.last_log_norm2()[i])) continue;
    for (const auto* values : {&block.log_norm2, &block.S, &block.active}) {
      for (std::size_t element = i; element < values->size(); element += kBlock) all.push_back((*values)[element]);
    }
    all.push_back(block.output[i]);
    all.push_back(block.log_output_norm2[i]);
  }
  return all;
}

TEST_P(FastEngine, GivesTheSameBitsOnEveryInstructionSet) {
  for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const auto engine = make_fast_engine(GetParam().network, Input(), 3, precision);
    const auto expected = living(engine->run(5, kBlock));
    for (const std::int64_t target : simd_targets()) {
      const OnTarget on_target(target);
      EXPECT_EQ(living(engine->run(5, kBlock)), expected) << hwy::TargetName(target);
    }
  }
}

TEST_P(FastEngine, AdvancesEachNetworkOnItsOwn) {
  for (const auto& engine : {make_fast_engine(GetParam().network, Input(), 3, Precision::kFloat),
                             make_dense_engine(GetParam().network, Input(), 3, Precision::kFloat)}) {
    const Block all = engine->run(20, kBlock);
    const Block three = engine->run(25, 3);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(three.last_log_norm2()[i], all.last_log_norm2()[5 + i]);
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, FastEngine, ::testing::ValuesIn(small_networks()),
                         [](const auto& test) { return test.param.name; });
INSTANTIATE_TEST_SUITE_P(Architectures, FastEngine, ::testing::ValuesIn(small_networks_of_other_architectures()),
                         [](const auto& test) { return test.param.name; });

// E||z_l||^2 = (alpha^2 + lambda^2) E||z_{l-1}||^2 exactly, at every width, if the signs are fresh in each layer.
TEST(FastKernelMoments, PreserveTheSecondMomentOfBalancedNets) {
  const Network network = balanced({.width = 6, .depth = 8, .alpha = 0.8, .lambda = 0.7, .leak = 0.1});
  const auto engine = make_fast_engine(network, Input(), 4, Precision::kDouble);
  Moments norm2;
  for (std::uint64_t q = 0; q < support::samples(20'000); ++q) {
    const Block block = engine->run(kBlock * q, kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) norm2.add(std::exp(block.last_log_norm2()[i]));
  }
  const double expected = std::pow(0.8 * 0.8 + 0.7 * 0.7, 8);
  EXPECT_LT(std::abs(norm2.mean().value - expected), 4.5 * norm2.mean().std_error);
}

TEST(FastKernelRange, CarriesNormsThroughHugeAndTinyScales) {
  for (const double scale : {1e-150, 1e-3, 1e3, 1e150}) {
    const auto scaled = make_fast_engine(
        vanilla({.width = 5, .depth = 40, .alpha = 0.6 * scale, .lambda = 0.8 * scale}), Input(), 1, Precision::kFloat);
    const auto plain = make_fast_engine(vanilla({.width = 5, .depth = 40, .alpha = 0.6, .lambda = 0.8}), Input(), 1,
                                        Precision::kFloat);
    const double shift = 40 * 2 * std::log(scale);
    EXPECT_NEAR(scaled->run(0, 1).last_log_norm2()[0], plain->run(0, 1).last_log_norm2()[0] + shift,
                1e-12 * std::abs(shift));
  }
}

// The log-norm of such a net falls by 5/40 a layer on average, to e^-250 in the end: out of a float's range.
TEST(FastKernelRange, AgreesBetweenFloatAndDoubleWhereAFloatUnderflows) {
  const Network network = fully_connected({.width = 20, .depth = 2000});
  const auto in_float = figures(*make_fast_engine(network, Input(), 1, Precision::kFloat), network, 200);
  const auto in_double = figures(*make_fast_engine(network, Input(), 2, Precision::kDouble), network, 200);
  for (std::size_t i : {0, 1, 2}) {
    const double error = std::hypot(in_float[i].mean().std_error, in_double[i].mean().std_error);
    EXPECT_LE(std::abs(in_float[i].mean().value - in_double[i].mean().value), 4.5 * error + 1e-12) << "figure " << i;
  }
}

// Null hypothesis: E||z_l||^2 grows by alpha^2 + lambda^2 a layer, at 4.5 standard errors. Here a float rounds the skip
// scale up by nearly 2^-25, which would add up to 6 standard errors.
TEST(FastKernelRange, AddsNoRoundingErrorsOfTheScaleUp) {
  const Network network = balanced({.width = 256, .depth = 200'000, .alpha = 1.0, .lambda = std::sqrt(0.98 * 0x1p-24)});
  const auto engine = make_fast_engine(network, Input(), 1, Precision::kFloat);
  Moments growth;
  for (std::uint64_t q = 0; q < 3; ++q) {
    const Block block = engine->run(kBlock * q, kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) growth.add(std::exp(block.last_log_norm2()[i] - block.log_norm2[i]));
  }
  EXPECT_LT(std::abs(growth.mean().value - std::pow(1 + 0.98 * 0x1p-24, 200'000)), 4.5 * growth.mean().std_error);
}

TEST(DenseEngine, DependsOnTheDirectionOfTheInputOnlyByChance) {
  const Network network = vanilla({.width = 8, .depth = 4, .inputs = 3});
  const auto one =
      figures(*make_dense_engine(network, Input({5, 0, 0}), 1, Precision::kDouble), network, support::samples(2000));
  const auto other = figures(*make_dense_engine(network, Input({-1, 2, 1e-3}), 2, Precision::kDouble), network,
                             support::samples(2000));
  for (std::size_t i = 0; i < one.size(); ++i) {
    const double error = std::hypot(one[i].mean().std_error, other[i].mean().std_error);
    EXPECT_LE(std::abs(one[i].mean().value - other[i].mean().value), 4.5 * error + 1e-12) << "figure " << i;
  }
}

}  // namespace
}  // namespace initlaw
