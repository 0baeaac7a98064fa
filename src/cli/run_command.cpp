#include "cli/run_command.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/print.hpp"
#include "initlaw/version.hpp"

namespace initlaw {
namespace {

/// "initlaw study run --help" for what was begun on.
std::string where_help_is(const CLI::App& app) {
  const CLI::App* command = &app;
  std::string words = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    words += " " + command->get_name();
  }
  return words + " --help";
}

/// "predict, simulate and study".
std::string names_of_commands(const CLI::App& app) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  std::string names;
  for (const CLI::App* command : commands) {
    if (!names.empty()) names += command == commands.back() ? " and " : ", ";
    names += command->get_name();
  }
  return names;
}

ExitStatus run_chosen(int argc, char** argv, const Mpi& mpi) {
  CLI::App app("The probability law of a deep ReLU network's output at random initialization.");
  app.name("initlaw");
  app.set_version_flag("--version", "initlaw " + std::string(version()));
  app.require_subcommand(1);
  app.footer("'initlaw COMMAND --help' lists a command's options.");
  const auto commands = add_commands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    app.exit(help);
    return kDone;
  } catch (const CLI::RequiredError& error) {
    if (!app.get_subcommands().empty())
      throw std::invalid_argument(fmt::format("{}; see {}", error.what(), where_help_is(app)));
    throw std::invalid_argument(fmt::format(
        "{}; the commands are {}", argc > 1 ? fmt::format("{} is no command", argv[1]) : "a command is missing",
        names_of_commands(app)));
  } catch (const CLI::ParseError& error) {
    throw std::invalid_argument(fmt::format("{}; see {}", error.what(), where_help_is(app)));
  }
  const auto chosen = std::find_if(commands.begin(), commands.end(), [](const auto& one) { return one->chosen(); });
  return (*chosen)->run({mpi, command_line(argc, argv)});
}

}  // namespace

ExitStatus run_command(int argc, char** argv, const Mpi& mpi) {
  try {
    const ExitStatus status = run_chosen(argc, argv, mpi);
    // What a command prints may wait in a buffer until here.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      throw std::runtime_error("standard output: could not be written");
    }
    return status;
  } catch (const std::invalid_argument& error) {
    print(stderr, "initlaw: {}\n", error.what());
    return kWrongUsage;
  } catch (const std::bad_alloc&) {
    print(stderr, "initlaw: there is not enough memory\n");
    return kFailed;
  } catch (const std::exception& error) {
    print(stderr, "initlaw: {}\n", error.what());
    return kFailed;
  }
}

}  // namespace initlaw
