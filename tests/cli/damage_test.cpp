#include <fmt/core.h>
#include <gmock/gmock.h>

#include <string>

#include "cli/shell.hpp"
#include "support/sanitized.hpp"

namespace initlaw::testing {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;

constexpr const char* kStudy = "width = 4\ndepth = [2, 3]\nsamples = 100\n";

/// One command of each kind; all of them succeed, and print to standard output or to standard error.
constexpr const char* kCommands[] = {
    "initlaw --help",
    "initlaw --version",
    "initlaw predict --width 4 --depth 3",
    "initlaw predict --help",
    "initlaw simulate --width 4 --depth 3 --samples 100",
    "initlaw simulate --width 4 --depth 3 --samples 100 --json -",
    "initlaw compare --width 4 --depth 3 --samples 100",
    "initlaw compare --width 4 --depth 3 --samples 100 --report -",
    "initlaw ntk --width 4 --depth 3 --samples 100",
    "initlaw angles --width 4 --depth 3 --samples 100 --input rows.csv --rows 0-1",
    "initlaw ntk --width 4 --depth 3 --samples 100 --input rows.csv --rows 0-1",
    "initlaw tail --width 4 --depth 3 --samples 4e4",
    "initlaw study status done.sqlite",
    "initlaw study show done.sqlite",
    "initlaw study verify done.sqlite",
    "initlaw study export done.sqlite --csv -",
    "initlaw study --help",
};

void prepare(const Shell& shell) {
  shell.write("rows.csv", "1,2\n3,4\n");
  shell.write("study.toml", kStudy);
  ASSERT_EQ(shell.run("initlaw study run study.toml --out done.sqlite").status, 0);
}

TEST(StandardOutput, MakesEveryCommandFailThatCannotWriteIt) {
  const Shell shell;
  prepare(shell);
  for (const char* command : kCommands) {
    for (const char* redirection : {"> /dev/full", ">&-"}) {
      const Outcome outcome = shell.run(fmt::format("{} {}", command, redirection));
      EXPECT_EQ(outcome.status, 1) << command << redirection;
      EXPECT_THAT(outcome.err, HasSubstr("could not be written")) << command << redirection;
    }
  }
}

TEST(StandardError, IsMissedByNoCommand) {
  const Shell shell;
  prepare(shell);
  for (const char* redirection : {"2> /dev/full", "2>&-"}) {
    for (const char* command : kCommands) {
      EXPECT_EQ(shell.run(fmt::format("{} {}", command, redirection)).status, 0) << command << redirection;
    }
    const std::pair<const char*, int> others[] = {
        {"initlaw study run study.toml", 0},        {"initlaw study extend study.sqlite --samples 200", 0},
        {"initlaw study plot study.sqlite", 0},     {"initlaw study run nowhere.toml", 2},
        {"initlaw predict --width 0 --depth 3", 2}, {"initlaw foretell", 2},
        {"initlaw study status nowhere.sqlite", 2}, {"initlaw predict --width 4 --depth 3 --json /dev/full", 1}};
    for (const auto& [command, status] : others) {
      EXPECT_EQ(shell.run(fmt::format("{} {}", command, redirection)).status, status) << command << redirection;
    }
    EXPECT_EQ(shell
                  .run(fmt::format("timeout --preserve-status -s INT 1 '{}' simulate --width 50 --depth 50 "
                                   "--samples 1e12 > /dev/null {}",
                                   INITLAW_COMMAND, redirection))
                  .status,
              130);
  }
}

TEST(Files, ThatAreNoneOrEndlessAreRefusedByEveryOptionThatReadsThem) {
  if (support::kSanitized) GTEST_SKIP();
  const Shell shell;
  for (const char* file : {"/dev/zero", "/proc/self/mem", "."}) {
    for (const char* command :
         {"predict --width 4 --depth 3 --input {}", "angles --width 4 --depth 3 --input {} --rows 0",
          "predict --network {}", "study run {} --out s.sqlite", "reproduce --input {}"}) {
      const Outcome outcome = shell.run("ulimit -v 2000000; initlaw " + fmt::format(fmt::runtime(command), file));
      EXPECT_EQ(outcome.status, 2) << command << file;
      EXPECT_THAT(outcome.err, HasSubstr(fmt::format("initlaw: {}: ", file))) << command;
      if (file != std::string("/dev/zero")) {
        EXPECT_THAT(outcome.err, HasSubstr("cannot be read")) << command;
      }
    }
  }
}

TEST(Files, LargerThanMemoryAreRefusedByName) {
  if (support::kSanitized) GTEST_SKIP();
  const Shell shell;
  // A row of 10^8 numbers, 800 MB, in a file of some 200 kB.
  shell.run("yes 1, | tr -d '\\n' | head -c 200000000 | gzip > row.csv.gz");
  shell.run("(echo 'width = 4'; echo 'alpha = ['; yes 1,) | head -c 200000000 > long.toml");
  for (const char* command :
       {"predict --width 4 --depth 3 --input row.csv.gz", "predict --network long.toml", "study run long.toml"}) {
    const Outcome outcome = shell.run(fmt::format("ulimit -v 1000000; initlaw {}", command));
    EXPECT_EQ(outcome.status, 2) << command;
    EXPECT_THAT(outcome.err, HasSubstr("GB of memory")) << command;
    EXPECT_THAT(outcome.err, AnyOf(HasSubstr("row.csv.gz"), HasSubstr("long.toml"))) << command;
  }
}

TEST(Files, ThatNestTooDeeplyAreRefusedByName) {
  const Shell shell;
  std::string keys = "a";
  for (int i = 0; i < 100'000; ++i) keys += ".a";
  shell.write("deep.toml", keys + " = 1\n");
  for (const char* command : {"predict --network deep.toml", "study run deep.toml"}) {
    const Outcome outcome = shell.run(fmt::format("initlaw {}", command));
    EXPECT_EQ(outcome.status, 2) << command;
    EXPECT_THAT(outcome.err, HasSubstr("deep.toml: line 1: is nested")) << command;
  }
}

TEST(Rows, BeyondAllIntegersAreRefused) {
  if (support::kSanitized) GTEST_SKIP();
  const Shell shell;
  shell.write("rows.csv", "1,2\n3,4\n");
  constexpr const char* kLargest = "18446744073709551615";
  for (const std::string& rows :
       {std::string(kLargest), fmt::format("0-{}", kLargest), fmt::format("{0}-{0}", kLargest),
        std::string("0-99999,0-99999"), std::string("99999999999999999999")}) {
    const Outcome outcome = shell.run(fmt::format(
        "ulimit -v 1000000; timeout 10 '{}' angles --width 4 --depth 3 --samples 10 --input rows.csv --rows {}",
        INITLAW_COMMAND, rows));
    EXPECT_EQ(outcome.status, 2) << rows;
    EXPECT_THAT(outcome.err, HasSubstr("row")) << rows;
  }
}

TEST(Gnuplot, IsStartedWithoutAShellAFileAndTheUsersSettings) {
  const Shell shell;
  // What a shell would make of this folder's name; and settings that would spoil each picture.
  shell.run("mkdir \"a';touch harmed;'\"");
  shell.write(".gnuplot", "set terminal dumb\nset output 'harmed'\nplot x\nexit\n");
  for (const char* folder : {"a';touch harmed;'", "/nowhere", "/proc"}) {
    const Outcome outcome = shell.run(
        fmt::format("HOME=$PWD XDG_CONFIG_HOME=$PWD TMPDIR=\"{}\" initlaw compare --width 4 --depth 3 --samples 100 "
                    "--report report.html > /dev/null",
                    folder));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(shell.read("report.html"), HasSubstr("<svg"));
    EXPECT_EQ(shell.run("test -e harmed").status, 1);
  }
}

TEST(Gnuplot, ThatFailsFailsTheCommandBeforeItSimulates) {
  const Shell shell;
  shell.write("gnuplot", "#!/bin/sh\nexit 3\n");
  shell.run("chmod +x gnuplot");
  const Outcome outcome =
      shell.run("PATH=$PWD initlaw compare --width 10 --depth 3 --samples 1e13 --report report.html");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("gnuplot failed"));
}

TEST(StandardOutput, HoldsTheReportAloneIfItIsAskedFor) {
  const Shell shell;
  const std::string command = "initlaw compare --width 4 --depth 3 --samples 100 --report -";
  const Outcome outcome = shell.run(command);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(outcome.out.starts_with("<!DOCTYPE html>"));
  EXPECT_TRUE(outcome.out.ends_with("</html>\n"));
  const Outcome both = shell.run(command + " --json -");
  EXPECT_EQ(both.status, 2);
  EXPECT_THAT(both.err, HasSubstr("--report -"));
  EXPECT_THAT(both.out, Eq(""));
}

}  // namespace
}  // namespace initlaw::testing
