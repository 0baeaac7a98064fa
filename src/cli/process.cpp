#include "cli/process.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <string_view>

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

void prepare_process() {
  std::signal(SIGXFSZ, SIG_IGN);
  for (int next = 0; next <= STDERR_FILENO;) {
    next = open("/dev/null", O_RDONLY);
    if (next < 0) return;
    if (next > STDERR_FILENO) close(next);
  }
}

std::optional<std::size_t> terminal_columns() {
  const char* variable = std::getenv("TERM");
  const std::string_view name = variable == nullptr ? "" : variable;
  if (isatty(STDERR_FILENO) != 1 || name.empty() || name == "dumb") return std::nullopt;
  constexpr std::size_t kUsual = 80;
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
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
