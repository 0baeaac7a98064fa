#include "monte_carlo/run_task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace initlaw {
namespace {

const Network kNetwork = vanilla({.width = 100, .depth = 40, .inputs = 2, .outputs = 3});
const Plan kPlan{.samples = 20'006, .estimator = Estimator::kPaired};
const Input kInput({1, 2});

TEST(RunTask, ComesBackFromItsBytes) {
  const RunTask task = run_task_from_bytes(to_bytes(RunTask{kNetwork, kPlan, kInput, 3, 7}));
  EXPECT_EQ(task.network, kNetwork);
  EXPECT_EQ(task.input, kInput);
  EXPECT_EQ(task.plan.samples, kPlan.samples);
  EXPECT_EQ(task.first, 3);
  EXPECT_EQ(task.chunks, 7);
  EXPECT_THROW(run_task_from_bytes("nonsense"), std::invalid_argument);
}

TEST(Tally, ComesBackFromItsBytesAndGoesOn) {
  const Sampler sampler(kNetwork, kPlan, kInput, 1);
  Tally tally = perform({kNetwork, kPlan, kInput, 0, 11});
  Tally copy = tally_from_bytes(sampler, to_bytes(tally));
  EXPECT_TRUE(to_bytes(copy) == to_bytes(tally));
  for (Tally* one : {&tally, &copy}) one->append(perform({kNetwork, kPlan, kInput, 11, 9}));
  EXPECT_TRUE(to_bytes(copy) == to_bytes(tally));
  EXPECT_TRUE(to_bytes(sampler.ensemble(copy)) == to_bytes(sampler.ensemble(tally)));
}

TEST(Tally, OfDamagedBytesIsRefused) {
  const Sampler sampler(kNetwork, kPlan, kInput, 1);
  const std::string bytes = to_bytes(perform({kNetwork, kPlan, kInput, 0, 1}));
  for (std::size_t i = 0; i < bytes.size(); i += 97) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    EXPECT_THROW(tally_from_bytes(sampler, damaged), std::invalid_argument) << i;
  }
  EXPECT_THROW(tally_from_bytes(sampler, bytes.substr(0, 20)), std::invalid_argument);
}

// Null hypothesis: a team of any size gives the bytes that one process gives.
TEST(Simulate, ByATeamGivesTheSameBytes) {
  const std::string expected = to_bytes(simulate(kNetwork, kPlan, kInput));
  for (const unsigned size : {1u, 2u, 3u, 7u}) {
    const auto team = make_thread_team(size, perform_run_task);
    std::uint64_t done = 0;
    const Ensemble ensemble = simulate(
        kNetwork, kPlan, kInput, [&](std::uint64_t now) { return (done = now) > 0; }, *team);
    EXPECT_TRUE(to_bytes(ensemble) == expected) << size;
    EXPECT_EQ(done, kPlan.samples);
  }
}

TEST(ChunksATask, AreAPowerOfTwoAndGiveEachMemberSome) {
  EXPECT_EQ(chunks_a_task(0, 4), 1);
  EXPECT_EQ(chunks_a_task(79, 4), 1);
  EXPECT_EQ(chunks_a_task(80, 4), 2);
  EXPECT_EQ(chunks_a_task(1'000'000, 4), 16384);
}

}  // namespace
}  // namespace initlaw
