#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace initlaw {

/// What each member of a team does with a task, on whichever machine: bytes to bytes.
using Perform = std::function<std::string(const std::string& task)>;

/// Those that work on tasks together: threads, or processes on many machines.
class Team {
 public:
  virtual ~Team() = default;
  /// How many tasks are worked on at the same time.
  virtual unsigned size() const = 0;
  /// Performs task(0), ..., task(count - 1), and gives each result to collect(i, result) in this order, on this thread
  /// or one at a time, until it returns false; task is called on whichever thread, several at a time. What is collected
  /// does not depend on the team. A bounded number of results waits. An exception of any of the functions ends the work
  /// and is thrown on.
  virtual void perform_in_order(std::uint64_t count, const std::function<std::string(std::uint64_t)>& task,
                                const std::function<bool(std::uint64_t, const std::string&)>& collect) = 0;
};

/// A team of `threads` threads of this process.
std::unique_ptr<Team> make_thread_team(unsigned threads, Perform perform);

}  // namespace initlaw
