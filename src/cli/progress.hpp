#pragma once

#include <chrono>
#include <cstdint>

namespace initlaw {

/// A bar with rate and time left on standard error, if that is a terminal.
class ProgressBar {
 public:
  explicit ProgressBar(std::uint64_t total);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::uint64_t done);

 private:
  using Clock = std::chrono::steady_clock;

  bool visible_;
  std::uint64_t total_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_shown_ = start_;
};

/// From its construction on, the first Ctrl-C is only noted; one that comes seconds later ends the program. (Some
/// programs, such as timeout(1), send the same interrupt twice.)
class Interrupt {
 public:
  Interrupt();
  bool requested() const;
};

}  // namespace initlaw
