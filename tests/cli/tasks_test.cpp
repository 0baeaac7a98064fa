#include "cli/tasks.hpp"

#include <gmock/gmock.h>

#include "joint/joint_task.hpp"
#include "simulation/simulation_task.hpp"
#include "splitting/tail_task.hpp"
#include "study/cell_task.hpp"

namespace initlaw {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const Network kNetwork = vanilla({.width = 10, .depth = 4});

TEST(PerformAnyTask, PerformsASimulations) {
  const std::string task = to_bytes(SimulationTask{kNetwork, {.samples = 20'000}, {}, 1, 2});
  EXPECT_TRUE(perform_any_task(task) == run_simulation_task(task));
}

TEST(PerformAnyTask, PerformsASimulationsOfSeveralInputs) {
  const std::string task =
      to_bytes(JointTask{vanilla({.width = 10, .depth = 4, .inputs = 2}), {.samples = 1000}, {{1, 0}, {1, 1}}, 1, 2});
  EXPECT_TRUE(perform_any_task(task) == run_joint_task(task));
}

TEST(PerformAnyTask, PerformsATails) {
  const TailOptions options{.threshold = 30, .samples = 40'000};
  const auto by = [&](TaskFunction perform) {
    return tail_probability(kNetwork, options, {}, {}, *make_thread_pool(1, std::move(perform))).probability.value;
  };
  EXPECT_EQ(by(perform_any_task), by(perform_tail_task));
}

TEST(PerformAnyTask, PerformsAStudys) {
  const Network of_two = vanilla({.width = 10, .depth = 4, .inputs = 2});
  const SingleCell single{kNetwork, {}, {.samples = 20'000}, std::nullopt};
  const JointCell joint{of_two, {{1, 0}, {1, 1}}, {.samples = 20'000, .pairs = {{0, 1}}, .layers = {4}}};
  for (const Cell& cell : {Cell(single), Cell(joint)}) {
    CellProgress start;
    start.target = 20'000;
    const CellProgress progress = cell_from_bytes(perform_any_task(to_bytes(cell, start))).second;
    EXPECT_EQ(progress.result, advance(cell, start).result);
    EXPECT_EQ(progress.samples, 20'000);
  }
  EXPECT_TRUE(timed_sums_from_bytes(perform_any_task(to_timed_task(single, 20'000, 0, 2))).sums ==
              to_bytes(perform(SimulationTask{kNetwork, {.samples = 20'000}, {}, 0, 2})));
  EXPECT_TRUE(timed_sums_from_bytes(perform_any_task(to_timed_task(joint, 20'000, 3, 2))).sums ==
              to_bytes(perform(JointTask{of_two, joint.options, joint.inputs, 3, 2})));
}

TEST(PerformAnyTask, RefusesWhatIsNoTask) {
  for (const std::string& bytes :
       {std::string(), std::string("nonsense"), to_bytes(simulate(kNetwork, {.samples = 10}))})
    EXPECT_THAT([&] { perform_any_task(bytes); }, ThrowsMessage<std::invalid_argument>(HasSubstr("same initlaw")));
}

}  // namespace
}  // namespace initlaw
