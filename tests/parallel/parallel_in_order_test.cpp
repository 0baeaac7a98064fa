#include "parallel/parallel_in_order.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <set>
#include <stdexcept>

namespace initlaw {
namespace {

using ::testing::ThrowsMessage;

/// Takes the longer, the earlier the index is among four.
std::uint64_t square(std::uint64_t index) {
  std::this_thread::sleep_for(std::chrono::microseconds(200 * (3 - index % 4)));
  return index * index;
}

class ParallelInOrder : public ::testing::TestWithParam<unsigned> {};

TEST_P(ParallelInOrder, CollectsEveryResultInOrder) {
  std::vector<std::uint64_t> collected;
  parallel_in_order(100, GetParam(), square, [&](std::uint64_t result) {
    collected.push_back(result);
    return true;
  });
  ASSERT_EQ(collected.size(), 100);
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_EQ(collected[i], i * i);
}

TEST_P(ParallelInOrder, StopsWhereItIsTold) {
  std::vector<std::uint64_t> collected;
  parallel_in_order(1'000'000, GetParam(), square, [&](std::uint64_t result) {
    collected.push_back(result);
    return collected.size() < 10;
  });
  EXPECT_EQ(collected.size(), 10);
}

TEST_P(ParallelInOrder, ThrowsWhatTheWorkThrows) {
  const auto work = [](std::uint64_t index) { return index == 7 ? throw std::runtime_error("seven") : index; };
  std::atomic<std::uint64_t> collected = 0;
  EXPECT_THAT([&] { parallel_in_order(1'000'000, GetParam(), work, [&](std::uint64_t) { return ++collected > 0; }); },
              ThrowsMessage<std::runtime_error>("seven"));
  EXPECT_LE(collected, 7);
}

TEST_P(ParallelInOrder, ThrowsWhatTheCollectorThrows) {
  const auto collect = [](std::uint64_t result) { return result == 49 ? throw std::runtime_error("seven") : true; };
  EXPECT_THAT([&] { parallel_in_order(1'000'000, GetParam(), square, collect); },
              ThrowsMessage<std::runtime_error>("seven"));
}

TEST_P(ParallelInOrder, DoesNothingIfThereIsNothingToDo) {
  parallel_in_order(0, GetParam(), square, [](std::uint64_t) -> bool { throw std::logic_error("no result"); });
}

INSTANTIATE_TEST_SUITE_P(Threads, ParallelInOrder, ::testing::Values(1, 2, 3, 16));

TEST(ParallelInOrder, KeepsFewResultsWhileTheFirstIsLate) {
  constexpr unsigned kThreads = 4;
  std::atomic<int> started = 0;
  std::atomic<int> started_before_the_first = 0;
  const auto work = [&](std::uint64_t index) {
    ++started;
    if (index == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      started_before_the_first = started.load();
    }
    return index;
  };
  parallel_in_order(1000, kThreads, work, [](std::uint64_t) { return true; });
  EXPECT_LE(started_before_the_first, 2 * kThreads);
  EXPECT_EQ(started, 1000);
}

TEST(ParallelInOrder, UsesAllThreadsAndNoMore) {
  constexpr std::size_t kThreads = 3;
  std::mutex mutex;
  std::condition_variable another_came;
  std::set<std::thread::id> ids;
  const auto work = [&](std::uint64_t index) {
    std::unique_lock lock(mutex);
    ids.insert(std::this_thread::get_id());
    another_came.notify_all();
    another_came.wait_for(lock, std::chrono::seconds(10), [&] { return ids.size() >= kThreads; });
    return index;
  };
  parallel_in_order(200, kThreads, work, [](std::uint64_t) { return true; });
  EXPECT_EQ(ids.size(), kThreads);
}

}  // namespace
}  // namespace initlaw
