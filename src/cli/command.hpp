#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/exit_status.hpp"
#include "mpi/mpi_pool.hpp"

namespace initlaw {

/// How the program was started.
struct Invocation {
  const Mpi& mpi;
  /// What reports say made them.
  std::string command_line;
};

/// One subcommand: its options, and what it does with them.
class Command {
 public:
  /// Adds itself to the program, or to the subcommand that it is an action of.
  Command(CLI::App& parent, const std::string& name, const std::string& description, const std::string& example)
      : app_(*parent.add_subcommand(name, description)) {
    app_.footer("Example:\n  " + example);
  }
  virtual ~Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  bool chosen() const { return app_.parsed(); }
  /// Throws std::invalid_argument for what is wrong with the options or the files they name.
  virtual ExitStatus run(const Invocation& invocation) const = 0;

 protected:
  CLI::App& app_;
};

}  // namespace initlaw
