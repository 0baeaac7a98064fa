#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace initlaw {

/// What each member of a pool does with a task, on whichever machine: bytes to bytes.
using TaskFunction = std::function<std::string(const std::string& task)>;

/// Those that work on tasks together: threads, or processes on many machines.
class WorkerPool {
 public:
  virtual ~WorkerPool() = default;
  /// How many tasks are worked on at the same time.
  virtual unsigned size() const = 0;
  /// Performs task(0), ..., task(count - 1), and gives each result to collect(i, result) in this order, on this thread
  /// or one at a time, until it returns false; task is called on whichever thread, several at a time. What is collected
  /// does not depend on the pool. A bounded number of results waits. An exception of any of the functions ends the work
  /// and is thrown on.
  virtual void run_in_order(std::uint64_t count, const std::function<std::string(std::uint64_t)>& task,
                            const std::function<bool(std::uint64_t, const std::string&)>& collect) = 0;
};

/// A pool of `threads` threads of this process.
std::unique_ptr<WorkerPool> make_thread_pool(unsigned threads, TaskFunction perform);

}  // namespace initlaw
