#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <type_traits>
#include <vector>

namespace initlaw {

/// As many threads as are asked for, or with 0 as many as the machine has cores.
inline unsigned thread_count(unsigned asked) {
  return asked > 0 ? asked : std::max(1u, std::thread::hardware_concurrency());
}

/// Computes work(0), ..., work(count - 1) on several threads, this one among them, and gives the results to collect in
/// that order, one at a time, until it returns false. What is given to collect does not depend on the number of
/// threads; no more than two results a thread are kept. An exception of either function ends both and is thrown on.
template <typename Work, typename Collect>
void parallel_in_order(std::uint64_t count, unsigned threads, const Work& work, const Collect& collect) {
  const std::uint64_t most_kept = 2 * std::uint64_t{threads};
  std::mutex mutex;
  std::condition_variable changed;
  // All of these are the mutex's.
  std::map<std::uint64_t, std::invoke_result_t<Work, std::uint64_t>> finished;
  std::uint64_t started = 0;
  std::uint64_t collected = 0;
  bool stopped = false;
  std::exception_ptr error;

  // A thread that collects has taken the next result out, so that others find none, and will come back for theirs.
  const auto collect_finished = [&](std::unique_lock<std::mutex>& lock) {
    for (auto result = finished.extract(collected); !stopped && result; result = finished.extract(collected)) {
      lock.unlock();
      const bool more = collect(std::move(result.mapped()));
      lock.lock();
      stopped = stopped || !more;
      ++collected;
      changed.notify_all();
    }
  };
  const auto run = [&] {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return stopped || started == count || started < collected + most_kept; });
      if (stopped || started == count) return;
      const std::uint64_t index = started++;
      lock.unlock();
      auto result = work(index);
      lock.lock();
      finished.emplace(index, std::move(result));
      collect_finished(lock);
    }
  };
  const auto run_and_catch = [&] {
    try {
      run();
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!error) error = std::current_exception();
      stopped = true;
    }
    changed.notify_all();
  };

  {
    std::vector<std::jthread> others;
    others.reserve(threads - 1);
    try {
      while (others.size() + 1 < threads) others.emplace_back(run_and_catch);
    } catch (const std::system_error&) {
      // The machine gives no more threads, and fewer do the same.
    }
    run_and_catch();
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace initlaw
