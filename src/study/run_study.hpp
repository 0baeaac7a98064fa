#pragma once

#include <cstdint>
#include <functional>

#include "study/store.hpp"
#include "team/team.hpp"

namespace initlaw {

/// How far a run is.
struct StudyProgress {
  std::uint64_t cells;     ///< of the study
  std::uint64_t finished;  ///< of them
  std::uint64_t samples;   ///< simulated by this run
  double work;             ///< done by this run, in updates of neurons
  double work_left;        ///< as far as known: the goals of cells with a standard error are moving
  double worst_std_error;  ///< of the mean of G, of all cells finished; NaN if there are none
};

/// Simulates all unfinished cells of a study with a team whose members perform_study_task, until `on_progress` returns
/// false. Results are stored five times a second, tasks of at most some ten seconds at their end: no more work is
/// lost however it ends. What is stored does
/// not depend on the team, nor on interruptions. Returns whether all cells are finished.
bool run_study(Store& store, Team& team, const std::function<bool(const StudyProgress&)>& on_progress);

}  // namespace initlaw
