#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "simulation/sampler.hpp"
#include "simulation/simulation_task.hpp"
#include "study/cell.hpp"

namespace initlaw {

/// The time that networks of a cell take, in updates of neurons.
double work_of(const Cell& cell, std::uint64_t samples);

/// The number of samples after which a new cell is first judged.
std::uint64_t first_target(const Cell& cell);

/// Whole chunks that are left until a cell's target.
std::uint64_t chunks_left(const Cell& cell, const CellProgress& progress);

/// A cell small enough to be simulated in one piece takes no more than this number of chunks, some 20 ms.
inline constexpr std::uint64_t kChunksInOnePiece = 64;

/// Whether work is to end early; it is asked between chunks.
using Stop = std::function<bool()>;

/// Simulates on this thread until a cell's goal is reached, until a target is too far for one piece, or, without
/// keeping what was begun, until `stop` says so.
CellProgress advance(const Cell& cell, CellProgress progress, const Stop& stop = {});

/// Decides whether the samples up to the target, those of the sums and the remainder, are enough. Sets the result if
/// they are, else the next target. The answer depends on the samples alone. Requires chunks_left(cell, progress) == 0.
CellProgress judge(const Cell& cell, CellProgress progress);

/// A cell with its progress as a task for a pool, and as a result of one.
std::string to_bytes(const Cell& cell, const CellProgress& progress);
std::pair<Cell, CellProgress> cell_from_bytes(std::string_view bytes);

/// The sampler of a cell, with `target` samples.
Sampler sampler_of(const Cell& cell, std::uint64_t target);

/// A SimulationTask whose result tells the time that it took.
std::string to_timed_task(const SimulationTask& task);
struct TimedSums {
  OrderedSums sums;
  double seconds;
};
TimedSums timed_sums_from_bytes(const Sampler& sampler, std::string_view bytes);

/// What the members of a study's pool do: advances a cell or performs a timed SimulationTask, but of either only what
/// is done when `stop` says so.
std::string perform_study_task(const std::string& task, const Stop& stop = {});
bool is_study_task(std::string_view bytes);

}  // namespace initlaw
