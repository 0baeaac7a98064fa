#include "cli/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <string>

namespace initlaw {
namespace {

// A signal handler can reach nothing but globals; all threads ask for this one.
std::atomic<bool> interrupt_requested = false;
std::atomic<std::time_t> interrupt_time = 0;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<std::time_t>::is_always_lock_free);

void on_interrupt(int signal) {
  const std::time_t now = std::time(nullptr);
  if (!interrupt_requested) {
    interrupt_time = now;
    interrupt_requested = true;
  } else if (now - interrupt_time >= 2) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

}  // namespace

std::string duration(double seconds) {
  if (seconds < 100) return fmt::format("{:.0f} s", seconds);
  if (seconds < 6000) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 100 * 3600) return fmt::format("{:.1f} h", seconds / 3600);
  if (seconds < 1000.0 * 86400) return fmt::format("{:.0f} days", seconds / 86400);
  return fmt::format("{:.3g} years", seconds / (365.25 * 86400));
}

ProgressBar::ProgressBar(double total, std::string unit, bool plain_lines)
    : visible_(isatty(STDERR_FILENO) == 1),
      plain_lines_(plain_lines && !visible_),
      total_(total),
      unit_(std::move(unit)) {}

ProgressBar::~ProgressBar() {
  if (visible_) fmt::print(stderr, "\r\033[K");
}

void ProgressBar::show(double done, const std::string& part) {
  const auto now = Clock::now();
  if (!visible_ && !plain_lines_) return;
  if (now - last_shown_ < (visible_ ? std::chrono::milliseconds(100) : std::chrono::minutes(1))) return;
  last_shown_ = now;
  constexpr std::size_t kLength = 30;
  const double share = done / total_;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const auto filled = static_cast<std::size_t>(share * kLength);
  if (plain_lines_) {
    fmt::print(stderr, "{:3.0f}%  {:.3g} {}/s  {} left  {}\n", 100 * share, done / seconds, unit_,
               duration(seconds * (1 - share) / share), part);
    return;
  }
  fmt::print(stderr, "\r\033[K[{}{}] {:3.0f}%  {:.3g} {}/s  {} left  {}", std::string(filled, '#'),
             std::string(kLength - filled, '.'), 100 * share, done / seconds, unit_,
             duration(seconds * (1 - share) / share), part);
  std::fflush(stderr);
}

Interrupt::Interrupt() {
  interrupt_requested = false;
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
}

bool Interrupt::requested() const { return interrupt_requested; }

}  // namespace initlaw
