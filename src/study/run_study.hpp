#pragma once

#include <cstdint>
#include <functional>

#include "parallel/worker_pool.hpp"
#include "study/grid.hpp"
#include "study/store.hpp"

namespace initlaw {

/// How far a run is.
struct StudyProgress {
  std::uint64_t cells;     ///< of the file, those of the study that are yet to be added included
  std::uint64_t finished;  ///< of them
  std::uint64_t samples;   ///< simulated by this run
  double work;             ///< done by this run, in updates of neurons
  double work_left;        ///< an estimate: how many samples a standard error needs is known only at the end
  double worst_std_error;  ///< of the mean of G, of cells finished by this run; NaN if there are none
};

/// Adds the cells of a study, if one is given, to the store, some thousands at a time, and simulates these and all
/// other unfinished cells with a pool whose members perform_study_task, until `on_progress` returns false. A task takes
/// at most some ten seconds and is stored when it ends; results of small cells are stored five times a second. So a
/// crash loses no more than a fifth of a second of small cells, or ten seconds of a large one. What is stored does not
/// depend on the pool, nor on interruptions. Returns whether all cells are finished. Throws std::invalid_argument
/// naming the cell if one of the study's is no network; those before it are simulated.
bool run_study(Store& store, const Study* study, WorkerPool& pool,
               const std::function<bool(const StudyProgress&)>& on_progress);

}  // namespace initlaw
