#pragma once

#include <chrono>
#include <string>

namespace initlaw {

/// "90 s", "2 min", "1.5 h", "10 days", "2.3 years".
std::string duration(double seconds);

/// A bar with rate and time left on standard error, if that is a terminal. For work of hours elsewhere, such as in a
/// batch job's log, a plain line a minute.
class ProgressBar {
 public:
  /// `unit` names what is counted.
  ProgressBar(double total, std::string unit, bool plain_lines = false);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `part` says what is being done.
  void show(double done, const std::string& part = "");
  /// The total may turn out to be another.
  void set_total(double total) { total_ = total; }

 private:
  using Clock = std::chrono::steady_clock;

  bool visible_;
  bool plain_lines_;
  double total_;
  std::string unit_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_shown_ = start_;
};

}  // namespace initlaw
