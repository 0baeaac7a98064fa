#include "parallel/worker_pool.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace initlaw {
namespace {

std::string twice(const std::string& task) {
  if (task == "bad") throw std::runtime_error("a bad task");
  return task + task;
}

class ThreadTeamOf : public testing::TestWithParam<unsigned> {};

TEST_P(ThreadTeamOf, CollectsInOrder) {
  const auto pool = make_thread_pool(GetParam(), twice);
  EXPECT_EQ(pool->size(), GetParam());
  std::vector<std::string> results;
  pool->run_in_order(
      100, [](std::uint64_t i) { return std::to_string(i); },
      [&](std::uint64_t i, const std::string& result) {
        EXPECT_EQ(i, results.size());
        results.push_back(result);
        return i < 59;
      });
  ASSERT_EQ(results.size(), 60);
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i], std::to_string(i) + std::to_string(i));
}

TEST_P(ThreadTeamOf, PassesErrorsOn) {
  const auto pool = make_thread_pool(GetParam(), twice);
  EXPECT_THROW(pool->run_in_order(
                   10, [](std::uint64_t i) { return i == 7 ? "bad" : "good"; },
                   [](std::uint64_t, const std::string&) { return true; }),
               std::runtime_error);
}

INSTANTIATE_TEST_SUITE_P(Threads, ThreadTeamOf, testing::Values(1, 2, 5));

// Emulators of other machines may lack threads.
TEST(ThreadTeam, OfOneStartsNoThread) {
  const auto threads = [] {
    const std::filesystem::directory_iterator all("/proc/self/task");
    return std::to_string(std::distance(begin(all), end(all)));
  };
  const std::string before = threads();
  make_thread_pool(1, [&](const std::string&) { return threads(); })
      ->run_in_order(
          3, [](std::uint64_t) { return std::string(); },
          [&](std::uint64_t, const std::string& meanwhile) {
            EXPECT_EQ(meanwhile, before);
            return true;
          });
}

}  // namespace
}  // namespace initlaw
