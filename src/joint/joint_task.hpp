#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "initlaw/several_inputs.hpp"
#include "joint/joint_sampler.hpp"
#include "parallel/worker_pool.hpp"

namespace initlaw {

/// Some whole chunks of a simulation of several inputs, to be made on whichever machine.
struct JointTask {
  Network network;
  JointOptions options;
  std::vector<std::vector<double>> inputs;
  std::uint64_t first;
  std::uint64_t chunks;
};
std::string to_bytes(const JointTask& task);
/// Throws std::invalid_argument if the bytes are no task's.
JointTask joint_task_from_bytes(std::string_view bytes);

/// Sums as bytes, the same on every machine.
std::string to_bytes(const OrderedJointSums& sums);
/// The sums of a simulation that to_bytes made the bytes of. Throws std::invalid_argument if they are none.
OrderedJointSums ordered_sums_from_bytes(const JointSampler& sampler, std::string_view bytes);

/// The sums of a task's chunks, one after the other on this thread; of fewer if `stop`, asked before each, is true.
OrderedJointSums perform(const JointTask& task, const std::function<bool()>& stop = {});

/// How many chunks a task may have: some megabyte of sums, for they come back one by one, and some ten seconds.
std::uint64_t most_chunks_a_task(const JointSampler& sampler);

/// Performs a JointTask as bytes, for a pool.
std::string run_joint_task(const std::string& task);
bool is_joint_task(std::string_view bytes);

/// As simulate_jointly(), to the last bit, by a pool whose members run_joint_task.
JointEnsemble simulate_jointly(const Network& network, const JointOptions& options,
                               const std::vector<std::vector<double>>& inputs, const Progress& progress,
                               WorkerPool& pool);

}  // namespace initlaw
