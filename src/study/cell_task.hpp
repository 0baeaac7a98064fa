#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "joint/joint_task.hpp"
#include "simulation/sampler.hpp"
#include "simulation/simulation_task.hpp"
#include "study/cell.hpp"

namespace initlaw {

/// The time that networks of a cell take, in updates of neurons.
double work_of(const Cell& cell, std::uint64_t samples);

/// The number of samples after which a new cell is first judged.
std::uint64_t first_target(const Cell& cell);

/// The sampler of a cell, with `target` samples.
Sampler sampler_of(const SingleCell& cell, std::uint64_t target);
JointSampler sampler_of(const JointCell& cell, std::uint64_t target);

/// Throws std::invalid_argument if no sampler simulates the cell.
void require_valid(const Cell& cell);

/// A cell that has no more chunks before it is small enough to be simulated in one piece: some 20 ms.
std::uint64_t chunks_in_one_piece(const Sampler& sampler);
std::uint64_t chunks_in_one_piece(const JointSampler& sampler);

/// Whether work is to end early; it is asked between chunks.
using Stop = std::function<bool()>;

/// Simulates on this thread until a cell's goal is reached, until a target is too far for one piece, or, without
/// keeping what was begun, until `stop` says so.
CellProgress advance(const Cell& cell, CellProgress progress, const Stop& stop = {});

/// Decides whether the samples up to the target, those of the sums and the remainder, are enough. Sets the result if
/// they are, else the next target. The answer depends on the samples alone. The sums must be of all whole chunks.
CellProgress judge(const SingleCell& cell, CellProgress progress, const Sampler& sampler, OrderedSums sums);
CellProgress judge(const JointCell& cell, CellProgress progress, const JointSampler& sampler, OrderedJointSums sums);

/// The sums that a cell has.
template <typename AnySampler>
auto sums_of(const AnySampler& sampler, const CellProgress& progress) {
  return progress.sums.empty() ? sampler.sums() : ordered_sums_from_bytes(sampler, progress.sums);
}

/// A cell with its progress as a task for a pool, and as a result of one.
std::string to_bytes(const Cell& cell, const CellProgress& progress);
std::pair<Cell, CellProgress> cell_from_bytes(std::string_view bytes);

/// Some chunks of a cell as a task whose result tells the time that it took.
std::string to_timed_task(const SingleCell& cell, std::uint64_t target, std::uint64_t first, std::uint64_t chunks);
std::string to_timed_task(const JointCell& cell, std::uint64_t target, std::uint64_t first, std::uint64_t chunks);
struct TimedSums {
  std::string sums;  ///< as bytes
  double seconds;
};
TimedSums timed_sums_from_bytes(std::string_view bytes);

/// What the members of a study's pool do: advances a cell or performs a timed task, but of either only what is done
/// when `stop` says so.
std::string perform_study_task(const std::string& task, const Stop& stop = {});
bool is_study_task(std::string_view bytes);

}  // namespace initlaw
