#include "cli/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <ctime>
#include <string>

namespace initlaw {
namespace {

// A signal handler can reach nothing but globals.
volatile std::sig_atomic_t interrupt_requested = 0;
volatile std::time_t interrupt_time = 0;

void on_interrupt(int signal) {
  const std::time_t now = std::time(nullptr);
  if (interrupt_requested == 0) {
    interrupt_time = now;
    interrupt_requested = 1;
  } else if (now - interrupt_time >= 2) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

std::string duration(double seconds) {
  if (seconds < 100) return fmt::format("{:.0f} s", seconds);
  if (seconds < 6000) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

ProgressBar::ProgressBar(std::uint64_t total) : visible_(isatty(STDERR_FILENO) == 1), total_(total) {}

ProgressBar::~ProgressBar() {
  if (visible_) fmt::print(stderr, "\r\033[K");
}

void ProgressBar::show(std::uint64_t done) {
  const auto now = Clock::now();
  if (!visible_ || now - last_shown_ < std::chrono::milliseconds(100)) return;
  last_shown_ = now;
  constexpr std::size_t kLength = 30;
  const double share = static_cast<double>(done) / static_cast<double>(total_);
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const auto filled = static_cast<std::size_t>(share * kLength);
  fmt::print(stderr, "\r\033[K[{}{}] {:3.0f}%  {:.3g} samples/s  {} left", std::string(filled, '#'),
             std::string(kLength - filled, '.'), 100 * share, static_cast<double>(done) / seconds,
             duration(seconds * (1 - share) / share));
  std::fflush(stderr);
}

Interrupt::Interrupt() {
  interrupt_requested = 0;
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
}

bool Interrupt::requested() const { return interrupt_requested != 0; }

}  // namespace initlaw
