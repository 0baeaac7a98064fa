#include "cli/tasks.hpp"

#include <array>
#include <stdexcept>
#include <string_view>

#include "joint/joint_task.hpp"
#include "simulation/simulation_task.hpp"
#include "splitting/tail_task.hpp"
#include "study/cell_task.hpp"

namespace initlaw {
namespace {

struct TaskKind {
  bool (*has_mark)(std::string_view bytes);
  std::string (*perform)(const std::string& task);
};

constexpr std::array kKinds = {
    TaskKind{is_simulation_task, run_simulation_task}, TaskKind{is_tail_task, perform_tail_task},
    TaskKind{is_joint_task, run_joint_task},
    TaskKind{is_study_task, [](const std::string& task) { return perform_study_task(task); }}};

}  // namespace

std::string perform_any_task(const std::string& task) {
  for (const TaskKind& kind : kKinds) {
    if (kind.has_mark(task)) return kind.perform(task);
  }
  throw std::invalid_argument("task: is of no kind known here; all processes must run the same initlaw");
}

}  // namespace initlaw
