#include <fmt/core.h>
#include <gmock/gmock.h>

#include <regex>

#include "cli/shell.hpp"

namespace initlaw::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// What a simulation of some seconds shows on a terminal of its own.
std::string shown(const Shell& shell, const std::string& terminal, int columns) {
  const std::string simulation = fmt::format(
      "timeout --preserve-status -s INT 1 \\\"{}\\\" simulate --width 50 --depth 50 --samples 1e12 "
      "> /dev/null",
      INITLAW_COMMAND);
  return shell
      .run(fmt::format("script -qec \"stty cols {}; export TERM={}; {}\" /dev/null", columns, terminal, simulation))
      .out;
}

TEST(ProgressBar, FitsIntoTheTerminal) {
  const Shell shell;
  for (const int columns : {1, 20, 80, 300}) {
    const std::string text = shown(shell, "xterm", columns);
    const std::regex line(R"(\r\x1B\[K([^\r\x1B]*))");
    std::size_t bars = 0;
    for (std::sregex_iterator match(text.begin(), text.end(), line), end; match != end; ++match) {
      const std::string shown_line = (*match)[1];
      if (shown_line.find("initlaw: interrupted") != std::string::npos) continue;
      EXPECT_LT(shown_line.size(), static_cast<std::size_t>(columns)) << shown_line;
      ++bars;
      if (columns == 80) {
        EXPECT_THAT(shown_line, HasSubstr("left"));
      }
    }
    EXPECT_GT(bars, 2u);
    EXPECT_EQ(text.find('#') != std::string::npos || text.find("[..") != std::string::npos, columns >= 80) << columns;
  }
}

TEST(ProgressBar, SendsNoEscapeCodesToATerminalWithoutThem) {
  const Shell shell;
  for (const char* terminal : {"dumb", ""}) {
    EXPECT_THAT(shown(shell, terminal, 80), Not(HasSubstr("\x1B"))) << terminal;
  }
}

}  // namespace
}  // namespace initlaw::testing
