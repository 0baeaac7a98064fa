#include "study/run_study.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "study/cell_task.hpp"

namespace initlaw {
namespace {

/// A member of a pool that says of every cell that it is done, so that a study of many cells takes no time.
std::string finish(const std::string& task) {
  auto [cell, progress] = cell_from_bytes(task);
  progress.samples = progress.target;
  progress.result = R"({"G":{"mean":{"std_error":0.1}}})";
  return to_bytes(cell, progress);
}

class RunStudy : public testing::Test {
 protected:
  RunStudy() {
    std::string name = (std::filesystem::temp_directory_path() / "initlaw-run-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~RunStudy() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_F(RunStudy, AddsALargeStudyPieceByPieceAndGoesOnWhereItWasStopped) {
  const Study study("width = 4\ndepth = 2\nsamples = 100\nseed = {from = 1, to = 10_000}\n", ".");
  Store store(folder_ / "study.sqlite", Store::Access::kWrite);
  const auto pool = make_thread_pool(1, finish);
  const double work = study.estimated_work();
  std::uint64_t calls = 0;
  EXPECT_FALSE(run_study(store, &study, *pool, [&](const StudyProgress& progress) {
    EXPECT_EQ(progress.cells, 10'000);
    EXPECT_EQ(progress.finished, ++calls);
    EXPECT_NEAR(progress.work + progress.work_left, work, 1e-6 * work);
    return calls < 5000;
  }));
  EXPECT_LT(store.cell_count(), 10'000);
  EXPECT_EQ(store.counts().cells, 10'000);
  EXPECT_EQ(store.counts().finished, 5000);

  EXPECT_TRUE(run_study(store, &study, *pool, [&](const StudyProgress& progress) {
    EXPECT_EQ(progress.cells, 10'000);
    EXPECT_GE(progress.finished, 5000);
    return true;
  }));
  EXPECT_EQ(store.cell_count(), 10'000);
  EXPECT_EQ(store.counts().finished, 10'000);
  std::uint64_t seed = 0;
  store.each([&](const StoredCell& stored) { EXPECT_EQ(std::get<SingleCell>(stored.cell).options.seed, ++seed); });
}

TEST_F(RunStudy, CanBeStoppedWhileItWalksOverCellsThatAreDone) {
  const Study study("width = 4\ndepth = 2\nsamples = 100\nseed = {from = 1, to = 10_000}\n", ".");
  Store store(folder_ / "study.sqlite", Store::Access::kWrite);
  const auto pool = make_thread_pool(1, finish);
  ASSERT_TRUE(run_study(store, &study, *pool, [](const StudyProgress&) { return true; }));
  int calls = 0;
  run_study(store, &study, *pool, [&](const StudyProgress& progress) {
    EXPECT_EQ(progress.finished, 10'000);
    EXPECT_EQ(progress.work, 0);
    ++calls;
    return false;
  });
  EXPECT_EQ(calls, 1);
}

TEST_F(RunStudy, KeepsWhatALargeCellHasWhenItIsStopped) {
  const Study study("width = 10\ndepth = 10\nsamples = 1e9\n", ".");
  Store store(folder_ / "study.sqlite", Store::Access::kWrite);
  // Asked before each chunk: a task of thousands of them ends at the third.
  int asked = 0;
  const auto stop = [&] { return ++asked > 2; };
  const auto pool = make_thread_pool(1, [&](const std::string& task) { return perform_study_task(task, stop); });
  EXPECT_FALSE(run_study(store, &study, *pool, [](const StudyProgress&) { return false; }));
  const auto cells = store.unfinished(0, 10);
  ASSERT_EQ(cells.size(), 1);
  const Sampler sampler = sampler_of(std::get<SingleCell>(cells[0].cell), cells[0].progress.target);
  EXPECT_EQ(cells[0].progress.samples, sampler.networks(2));
  EXPECT_EQ(ordered_sums_from_bytes(sampler, cells[0].progress.sums).end(), 2);
}

// Null hypothesis: what a study's cell of several inputs has is what simulate_jointly gives, whatever the pool and
// however often it was stopped between chunks.
TEST_F(RunStudy, GoesOnWithSeveralInputsToTheLastBit) {
  const JointCell cell{vanilla({.width = 20, .depth = 10, .inputs = 2}),
                       {{1, 0}, {1, 1}, {-1, 0.5}},
                       {.samples = 20'007, .pairs = {{0, 1}, {1, 2}}, .layers = {0, 10}}};
  const std::string expected = result_of(simulate_jointly(cell.network, cell.options, cell.inputs));
  const auto result = [&](const std::string& name, unsigned threads, std::uint64_t chunks_a_run) {
    Store store(folder_ / name, Store::Access::kWrite);
    store.add({cell});
    bool finished = false;
    for (int run = 0; run < 10 && !finished; ++run) {
      std::atomic<std::uint64_t> asked = 0;
      const auto stop = [&] { return ++asked > chunks_a_run; };
      const auto pool =
          make_thread_pool(threads, [&](const std::string& task) { return perform_study_task(task, stop); });
      finished = run_study(store, nullptr, *pool, [&](const StudyProgress&) { return asked <= chunks_a_run; });
    }
    std::string found;
    store.each([&](const StoredCell& stored) { found = stored.progress.result; });
    return found;
  };
  EXPECT_EQ(result("at once", 3, std::numeric_limits<std::uint64_t>::max()), expected);
  EXPECT_EQ(result("stopped", 1, 20), expected);
}

TEST(Advance, LeavesACellAsItWasWhenItIsStopped) {
  const Study study("width = 10\ndepth = 10\nsamples = 100_000\n", ".");
  const Cell cell = study.cells(0, 1)[0];
  const CellProgress progress =
      advance(cell, {.target = 100'000, .sums = "", .samples = 0, .result = "", .seconds = 0}, [] { return true; });
  EXPECT_EQ(progress.target, 100'000);
  EXPECT_EQ(progress.samples, 0);
  EXPECT_EQ(progress.sums + progress.result, "");
}

}  // namespace
}  // namespace initlaw
