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
  double work_left;        ///< as far as known: the goals of cells with a standard error are moving
  double worst_std_error;  ///< of the mean of G, of cells finished by this run; NaN if there are none
};

/// Adds a study's cells, if there is one, to the store, some thousands at a time, and simulates these and all others
/// that are unfinished with a pool whose members perform_study_task, until `on_progress` returns false. Results are
/// stored five times a second, tasks of at most some ten seconds at their end: no more work is lost however it ends.
/// What is stored does not depend on the pool, nor on interruptions. Returns whether all cells are finished. Throws
/// std::invalid_argument naming the cell if one of the study's is no network; those before it are simulated.
bool run_study(Store& store, const Study* study, WorkerPool& pool,
               const std::function<bool(const StudyProgress&)>& on_progress);

}  // namespace initlaw
