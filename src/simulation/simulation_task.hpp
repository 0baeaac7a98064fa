#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "initlaw/simulate.hpp"
#include "parallel/worker_pool.hpp"
#include "simulation/sampler.hpp"

namespace initlaw {

/// Some whole chunks of a simulation, to be made on whichever machine.
struct SimulationTask {
  Network network;
  SimulationOptions options;
  Input input;
  std::uint64_t first;
  std::uint64_t chunks;
};
std::string to_bytes(const SimulationTask& task);
/// Throws std::invalid_argument if the bytes are no task's.
SimulationTask simulation_task_from_bytes(std::string_view bytes);

/// Sums as bytes, the same on every machine.
std::string to_bytes(const OrderedSums& sums);
/// The sums of a simulation that to_bytes made the bytes of. Throws std::invalid_argument if they are none.
OrderedSums ordered_sums_from_bytes(const Sampler& sampler, std::string_view bytes);

/// The sums of a task's chunks, one after the other on this thread; of fewer if `stop`, asked before each, is true.
OrderedSums perform(const SimulationTask& task, const std::function<bool()>& stop = {});

/// Performs a SimulationTask as bytes, for a pool.
std::string run_simulation_task(const std::string& task);
bool is_simulation_task(std::string_view bytes);

/// As simulate(), to the last bit, by a pool whose members run_simulation_task.
Ensemble simulate(const Network& network, const SimulationOptions& options, const Input& input,
                  const Progress& progress, WorkerPool& pool);

}  // namespace initlaw
