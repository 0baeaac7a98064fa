#include "joint/joint_task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace initlaw {
namespace {

const Network kJointNetwork = balanced({.width = 30, .depth = 10, .inputs = 3});
const std::vector<std::vector<double>> kJointInputs = {{1, 0.5, -2}, {0.3, 2, 1}, {0, 0, 0}, {-1, -0.5, 2.5}};
const JointOptions kJointOptions{.samples = 4007, .seed = 3, .pairs = {{0, 1}, {3, 0}, {1, 2}}, .layers = {2, 5}};

JointTask task(std::uint64_t first, std::uint64_t chunks) {
  return {kJointNetwork, kJointOptions, kJointInputs, first, chunks};
}

/// All numbers of an ensemble.
std::string bytes_of(JointEnsemble e) {
  JointSums sums(e.inputs.size(), e.options);
  sums.growth = std::move(e.growth);
  sums.growth_difference = std::move(e.growth_difference);
  sums.growths = std::move(e.growths);
  sums.cosine = std::move(e.cosine);
  sums.log_tangent = std::move(e.log_tangent);
  sums.last_log_tangent = std::move(e.last_log_tangent);
  sums.angle_and_growth = std::move(e.angle_and_growth);
  sums.output_covariance = std::move(e.output_covariance);
  OrderedJointSums one(0, sums);
  one.append(std::move(sums));
  return std::to_string(e.samples) + to_bytes(one);
}

TEST(JointTask, ComesBackFromItsBytes) {
  const JointTask copy = joint_task_from_bytes(to_bytes(task(3, 7)));
  EXPECT_EQ(copy.network, kJointNetwork);
  EXPECT_EQ(copy.inputs, kJointInputs);
  EXPECT_EQ(copy.options.samples, kJointOptions.samples);
  EXPECT_EQ(copy.options.seed, kJointOptions.seed);
  EXPECT_EQ(copy.options.pairs, kJointOptions.pairs);
  EXPECT_EQ(copy.options.layers, kJointOptions.layers);
  EXPECT_EQ(copy.first, 3);
  EXPECT_EQ(copy.chunks, 7);
  EXPECT_THROW(joint_task_from_bytes("nonsense"), std::invalid_argument);
}

// Null hypothesis: however chunks are spread over sums, and these sent as bytes, the total has the same bits.
TEST(OrderedJointSums, AreTheSameHoweverTheyAreCut) {
  const JointSampler sampler(kJointNetwork, kJointOptions, kJointInputs, 1);
  ASSERT_GE(sampler.whole_chunks(), 20);  // so that pools of one member give two to a task
  const std::string straight = to_bytes(perform(task(0, 4)));
  for (std::uint64_t cut = 0; cut <= 4; ++cut) {
    OrderedJointSums sums = ordered_sums_from_bytes(sampler, to_bytes(perform(task(0, cut))));
    EXPECT_EQ(sums.end(), cut);
    sums.append(ordered_sums_from_bytes(sampler, to_bytes(perform(task(cut, 4 - cut)))));
    EXPECT_TRUE(to_bytes(sums) == straight) << cut;
  }
  OrderedJointSums sums = perform(task(0, 1));
  EXPECT_THROW(sums.append(perform(task(2, 1))), std::invalid_argument);
}

TEST(OrderedJointSums, OfDamagedBytesAreRefused) {
  const JointSampler sampler(kJointNetwork, kJointOptions, kJointInputs, 1);
  const std::string bytes = to_bytes(perform(task(0, 1)));
  for (std::size_t i = 0; i < bytes.size(); i += 97) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    EXPECT_THROW(ordered_sums_from_bytes(sampler, damaged), std::invalid_argument) << i;
  }
}

// Null hypothesis: a pool of any size gives the bits that threads give.
TEST(SimulateJointly, ByAPoolGivesTheSameBits) {
  const std::string expected = bytes_of(simulate_jointly(kJointNetwork, kJointOptions, kJointInputs));
  for (const unsigned size : {1u, 2u, 3u, 7u}) {
    const auto pool = make_thread_pool(size, run_joint_task);
    std::uint64_t done = 0;
    const auto progress = [&](std::uint64_t now) { return (done = now) > 0; };
    EXPECT_TRUE(bytes_of(simulate_jointly(kJointNetwork, kJointOptions, kJointInputs, progress, *pool)) == expected)
        << size;
    EXPECT_EQ(done, kJointOptions.samples);
  }
}

TEST(SimulateJointly, ByAPoolEndsAtOnceIfStopped) {
  const auto pool = make_thread_pool(2, run_joint_task);
  const JointEnsemble joint = simulate_jointly(
      kJointNetwork, kJointOptions, kJointInputs, [](std::uint64_t) { return false; }, *pool);
  EXPECT_LT(joint.samples, kJointOptions.samples);
  EXPECT_EQ(joint.growth[0].count(), joint.samples);
}

}  // namespace
}  // namespace initlaw
