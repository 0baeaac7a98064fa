#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "initlaw/simulate.hpp"
#include "monte_carlo/sampler.hpp"
#include "team/team.hpp"

namespace initlaw {

/// Some whole chunks of a simulation, to be made on whichever machine.
struct RunTask {
  Network network;
  Plan plan;
  Input input;
  std::uint64_t first;
  std::uint64_t chunks;
};
std::string to_bytes(const RunTask& task);
/// Throws std::invalid_argument if the bytes are no task's.
RunTask run_task_from_bytes(std::string_view bytes);

/// A tally as bytes, the same on every machine.
std::string to_bytes(const Tally& tally);
/// The tally of a simulation that to_bytes made the bytes of. Throws std::invalid_argument if they are none.
Tally tally_from_bytes(const Sampler& sampler, std::string_view bytes);

/// The tally of a task's chunks, one after the other on this thread; of fewer if `stop`, asked before each, is true.
Tally perform(const RunTask& task, const std::function<bool()>& stop = {});

/// How many chunks the tasks of a team are to have: a power of 2, so that a tally of them is one sum, and so many that
/// each member gets some ten tasks whatever the number of samples.
std::uint64_t chunks_a_task(std::uint64_t chunks, unsigned members);

/// Performs a RunTask as bytes, for a team.
std::string perform_run_task(const std::string& task);

/// As simulate(), to the last bit, by a team whose members perform_run_task.
Ensemble simulate(const Network& network, const Plan& plan, const Input& input, const Progress& progress, Team& team);

}  // namespace initlaw
