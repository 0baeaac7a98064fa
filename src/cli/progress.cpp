#include "cli/progress.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include "cli/print.hpp"

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

/// Standard error is a terminal that understands escape codes.
bool is_terminal() {
  const char* variable = std::getenv("TERM");
  const std::string_view name = variable == nullptr ? "" : variable;
  return isatty(STDERR_FILENO) == 1 && !name.empty() && name != "dumb";
}

std::size_t terminal_columns() {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

}  // namespace

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  if (seconds < 100) return fmt::format("{:.0f} s", seconds);
  if (seconds < 6000) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 100 * 3600) return fmt::format("{:.1f} h", seconds / 3600);
  if (seconds < 1000.0 * 86400) return fmt::format("{:.0f} days", seconds / 86400);
  return fmt::format("{:.3g} years", seconds / (365.25 * 86400));
}

ProgressBar::ProgressBar(double total, std::string unit, bool plain_lines)
    : visible_(is_terminal()), plain_lines_(plain_lines && !visible_), total_(total), unit_(std::move(unit)) {}

ProgressBar::~ProgressBar() {
  if (visible_) print(stderr, "\r\033[K");
}

void ProgressBar::show(double done, const std::string& part) {
  const auto now = Clock::now();
  if (!visible_ && !plain_lines_) return;
  if (now - last_shown_ < (visible_ ? std::chrono::milliseconds(100) : std::chrono::minutes(1))) return;
  last_shown_ = now;
  const double share = std::min(done / total_, 1.0);
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const std::string text = fmt::format("{:3.0f}%  {:.3g} {}/s  {} left  {}", 100 * share, done / seconds, unit_,
                                       duration(seconds * (1 - share) / share), part);
  if (plain_lines_) {
    print(stderr, "{}\n", text);
    return;
  }
  // A line that reaches the last column may wrap.
  const std::size_t columns = terminal_columns() - 1;
  constexpr std::size_t kLongest = 30;
  constexpr std::size_t kShortest = 10;
  const std::size_t length = std::min(kLongest, columns - std::min(columns, text.size() + 3));
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(length));
  const std::string bar =
      length < kShortest ? "" : fmt::format("[{}{}] ", std::string(filled, '#'), std::string(length - filled, '.'));
  print(stderr, "\r\033[K{}", (bar + text).substr(0, columns));
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
