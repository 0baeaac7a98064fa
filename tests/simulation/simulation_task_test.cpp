#include "simulation/simulation_task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace initlaw {
namespace {

const Network kTaskNetwork = vanilla({.width = 100, .depth = 40, .inputs = 2, .outputs = 3});
const SimulationOptions kOptions{.samples = 20'006, .estimator = Estimator::kAntithetic};
const Input kInput({1, 2});

TEST(SimulationTask, ComesBackFromItsBytes) {
  const SimulationTask task =
      simulation_task_from_bytes(to_bytes(SimulationTask{kTaskNetwork, kOptions, kInput, 3, 7}));
  EXPECT_EQ(task.network, kTaskNetwork);
  EXPECT_EQ(task.input, kInput);
  EXPECT_EQ(task.options.samples, kOptions.samples);
  EXPECT_EQ(task.first, 3);
  EXPECT_EQ(task.chunks, 7);
  EXPECT_THROW(simulation_task_from_bytes("nonsense"), std::invalid_argument);
}

TEST(OrderedSums, ComesBackFromItsBytesAndGoesOn) {
  const Sampler sampler(kTaskNetwork, kOptions, kInput, 1);
  OrderedSums sums = perform({kTaskNetwork, kOptions, kInput, 0, 11});
  OrderedSums copy = ordered_sums_from_bytes(sampler, to_bytes(sums));
  EXPECT_TRUE(to_bytes(copy) == to_bytes(sums));
  for (OrderedSums* one : {&sums, &copy}) one->append(perform({kTaskNetwork, kOptions, kInput, 11, 9}));
  EXPECT_TRUE(to_bytes(copy) == to_bytes(sums));
  EXPECT_TRUE(to_bytes(sampler.ensemble(copy)) == to_bytes(sampler.ensemble(sums)));
}

TEST(OrderedSums, OfDamagedBytesIsRefused) {
  const Sampler sampler(kTaskNetwork, kOptions, kInput, 1);
  const std::string bytes = to_bytes(perform({kTaskNetwork, kOptions, kInput, 0, 1}));
  for (std::size_t i = 0; i < bytes.size(); i += 97) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    EXPECT_THROW(ordered_sums_from_bytes(sampler, damaged), std::invalid_argument) << i;
  }
  EXPECT_THROW(ordered_sums_from_bytes(sampler, bytes.substr(0, 20)), std::invalid_argument);
}

// Null hypothesis: a pool of any size gives the bytes that one process gives.
TEST(Simulate, ByATeamGivesTheSameBytes) {
  const std::string expected = to_bytes(simulate(kTaskNetwork, kOptions, kInput));
  for (const unsigned size : {1u, 2u, 3u, 7u}) {
    const auto pool = make_thread_pool(size, run_simulation_task);
    std::uint64_t done = 0;
    const Ensemble ensemble = simulate(
        kTaskNetwork, kOptions, kInput, [&](std::uint64_t now) { return (done = now) > 0; }, *pool);
    EXPECT_TRUE(to_bytes(ensemble) == expected) << size;
    EXPECT_EQ(done, kOptions.samples);
  }
}

}  // namespace
}  // namespace initlaw
