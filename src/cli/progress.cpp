#include "cli/progress.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "cli/print.hpp"
#include "cli/process.hpp"

namespace initlaw {

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  if (seconds < 100) return fmt::format("{:.0f} s", seconds);
  if (seconds < 6000) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 100 * 3600) return fmt::format("{:.1f} h", seconds / 3600);
  if (seconds < 1000.0 * 86400) return fmt::format("{:.0f} days", seconds / 86400);
  return fmt::format("{:.3g} years", seconds / (365.25 * 86400));
}

ProgressBar::ProgressBar(double total, std::string unit, bool plain_lines)
    : visible_(terminal_columns().has_value()),
      plain_lines_(plain_lines && !visible_),
      total_(total),
      unit_(std::move(unit)) {}

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
  const std::size_t columns = terminal_columns().value_or(1) - 1;
  constexpr std::size_t kLongest = 30;
  constexpr std::size_t kShortest = 10;
  const std::size_t length = std::min(kLongest, columns - std::min(columns, text.size() + 3));
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(length));
  const std::string bar =
      length < kShortest ? "" : fmt::format("[{}{}] ", std::string(filled, '#'), std::string(length - filled, '.'));
  print(stderr, "\r\033[K{}", (bar + text).substr(0, columns));
  std::fflush(stderr);
}

}  // namespace initlaw
