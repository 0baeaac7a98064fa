#include "simulation/sampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "initlaw/finite_width.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/simulate.hpp"
#include "simulation/archive.hpp"

namespace initlaw {
namespace {

const Network kNetwork = vanilla({.width = 100, .depth = 40, .outputs = 3});

/// Chunks first, ..., end - 1, one by one.
OrderedSums sums_of(const Sampler& sampler, std::uint64_t first, std::uint64_t end) {
  OrderedSums sums = sampler.sums(first);
  for (std::uint64_t chunk = first; chunk < end; ++chunk) sums.append(sampler.simulate(chunk));
  return sums;
}

std::string bytes_of(const Sampler& sampler, const OrderedSums& sums) { return to_bytes(sampler.ensemble(sums)); }

class SamplerOf : public testing::TestWithParam<Estimator> {
 protected:
  Sampler sampler_{
      kNetwork, {.samples = 10'000, .estimator = GetParam(), .lags = std::vector<std::size_t>{0, 1}}, {}, 1};
};

// Null hypothesis: the sums are the same to the last bit wherever runs of chunks were simulated.
TEST_P(SamplerOf, GivesTheSameBytesInWhateverRuns) {
  const std::uint64_t chunks = 27;
  ASSERT_GE(sampler_.whole_chunks(), chunks);
  const OrderedSums whole = sums_of(sampler_, 0, chunks);
  for (const std::uint64_t length : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 16u, 32u}) {
    OrderedSums joined = sampler_.sums();
    for (std::uint64_t first = 0; first < chunks; first += length) {
      joined.append(sums_of(sampler_, first, std::min(chunks, first + length)));
    }
    EXPECT_EQ(joined.end(), chunks);
    EXPECT_TRUE(bytes_of(sampler_, joined) == bytes_of(sampler_, whole)) << length;
  }
}

INSTANTIATE_TEST_SUITE_P(Estimators, SamplerOf, testing::Values(Estimator::kPlain, Estimator::kAntithetic),
                         [](const auto& test) { return test.param == Estimator::kPlain ? "Plain" : "Paired"; });

TEST(Sampler, IsWhatSimulateUses) {
  const SimulationOptions options{.samples = 5'001};
  const Sampler sampler(kNetwork, options, {}, 1);
  ASSERT_TRUE(sampler.has_remainder());
  const OrderedSums sums = sums_of(sampler, 0, sampler.whole_chunks());
  const Ensemble ensemble = sampler.ensemble(sums, sampler.simulate(sampler.whole_chunks()));
  EXPECT_EQ(ensemble.samples, 5'001);
  EXPECT_TRUE(to_bytes(ensemble) == to_bytes(simulate(kNetwork, options)));
}

TEST(Sampler, GoesOnFromTheSumsOfAShorterSimulation) {
  const Sampler shorter(kNetwork, {.samples = 3'000}, {}, 1);
  const Sampler longer(kNetwork, {.samples = 9'000}, {}, 1);
  OrderedSums sums = sums_of(shorter, 0, shorter.whole_chunks());
  for (std::uint64_t chunk = sums.end(); chunk < longer.whole_chunks(); ++chunk) sums.append(longer.simulate(chunk));
  std::optional<Chunk> remainder;
  if (longer.has_remainder()) remainder = longer.simulate(longer.whole_chunks());
  EXPECT_TRUE(to_bytes(longer.ensemble(sums, remainder)) == to_bytes(simulate(kNetwork, {.samples = 9'000})));
}

// The grouping is the one that is documented: 0 to 3 in two pairs, then 4 and 5; and it matters to the last bits.
TEST(OrderedSums, MergesNeighboursOfAlignedRuns) {
  const Sampler sampler(kNetwork, {.samples = 10'000}, {}, 1);
  std::vector<Statistics> chunk;
  for (std::uint64_t i = 0; i < 6; ++i) chunk.push_back(sampler.simulate(i).statistics);
  const auto merged = [](Statistics left, const Statistics& right) {
    left.merge(right);
    return left;
  };
  const auto bytes = [](const Statistics& statistics) {
    return to_marked_bytes("", [&](auto& archive) { archive(statistics); });
  };
  const Statistics four = merged(merged(chunk[0], chunk[1]), merged(chunk[2], chunk[3]));
  const Statistics two = merged(chunk[4], chunk[5]);
  const Statistics nothing = sampler.sums().statistics();
  EXPECT_TRUE(bytes(sums_of(sampler, 0, 6).statistics()) == bytes(merged(merged(nothing, four), two)));
  EXPECT_TRUE(bytes(sums_of(sampler, 1, 4).statistics()) ==
              bytes(merged(merged(nothing, chunk[1]), merged(chunk[2], chunk[3]))));
  EXPECT_FALSE(bytes(merged(merged(nothing, four), two)) ==
               bytes(merged(merged(merged(nothing, four), chunk[4]), chunk[5])));
}

// So few networks that their neurons fill 2^19, in whichever order the layers come; no more if one is very wide.
TEST(Sampler, HasChunksThatTakeAboutTheSameTime) {
  const auto chunk_of = [](const Widths& widths, std::size_t depth, Method method) {
    const Network network = fully_connected({.width = widths, .depth = depth});
    return Sampler(network, {.samples = 1000, .method = method}, {}, 1).chunk_samples();
  };
  const auto list = [](std::vector<std::size_t> widths) { return Widths(std::move(widths)); };
  EXPECT_EQ(chunk_of(100, 9, Method::kFast), 512);
  EXPECT_EQ(chunk_of(100, 9, Method::kDense), 5);
  for (const Method method : {Method::kFast, Method::kDense}) {
    EXPECT_EQ(chunk_of(list({100, 100, 100}), 2, method), chunk_of(100, 2, method));
  }
  EXPECT_EQ(chunk_of(list({1, 300, 70}), 2, Method::kFast), chunk_of(list({70, 300, 1}), 2, Method::kFast));
  EXPECT_EQ(chunk_of(list({1, 1'000'000}), 1, Method::kFast), 16);
  EXPECT_EQ(chunk_of(list({1000, 1000, 1}), 2, Method::kDense), 4);
}

TEST(Sampler, FollowsSingleNetworksToTheOutputThatTheyHave) {
  const Network normalized =
      vanilla({.width = 9, .depth = 4, .outputs = 2, .architecture = {.norm = Normalization::kFinal}});
  for (const Network& network : {kNetwork, normalized}) {
    const Sampler sampler(network, {.samples = 64}, {}, 1);
    const std::size_t length = network.depth() + 2;
    const double at_infinite_width =
        std::log(infinite_width(network).second_moment() * static_cast<double>(network.outputs()));
    const std::vector<double> outputs = sampler.log_output_norm2(0);
    const std::vector<double> paths = sampler.growth_paths(0, 40);
    ASSERT_EQ(paths.size(), 40 * length);
    for (std::size_t i = 0; i < 40; ++i) {
      EXPECT_NEAR(paths[(i + 1) * length - 1], outputs[i] - at_infinite_width, 1e-12);
    }
    const std::vector<double> later = sampler.growth_paths(21, 19);
    EXPECT_TRUE(std::equal(later.begin(), later.end(), paths.end() - static_cast<std::ptrdiff_t>(later.size())));
  }
}

// Null hypothesis: ln||z_l||^2 is to grow as the law at finite width says. A wrong layer or unit is off by 0.1 or more.
TEST(Sampler, FollowsSingleNetworksThroughTheLayers) {
  constexpr std::size_t kNetworks = 4000;
  const std::vector<double> paths = Sampler(kNetwork, {.samples = kNetworks}, {}, 1).growth_paths(0, kNetworks);
  const std::size_t length = kNetwork.depth() + 2;
  for (const std::size_t l : {std::size_t{0}, std::size_t{1}, std::size_t{20}, kNetwork.depth()}) {
    Moments growth;
    for (std::size_t i = 0; i < kNetworks; ++i) growth.add(paths[i * length + l]);
    const double expected = log_norm_cumulants_by_layer(kNetwork)[l].mean;
    EXPECT_NEAR(growth.mean().value, expected, 4 * growth.mean().std_error) << l;
  }
}

TEST(OrderedSums, RefusesWhatDoesNotFollow) {
  const Sampler sampler(kNetwork, {.samples = 10'000}, {}, 1);
  OrderedSums sums = sampler.sums();
  EXPECT_THROW(sums.append(sampler.sums(1)), std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
