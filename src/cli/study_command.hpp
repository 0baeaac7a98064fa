#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "mpi/mpi_pool.hpp"

namespace initlaw {

/// One of the things that can be done with a study.
class StudyAction {
 public:
  StudyAction(CLI::App& study, const std::string& name, const std::string& description, const std::string& example);
  virtual ~StudyAction() = default;
  bool chosen() const { return app_.parsed(); }
  virtual ExitStatus run(const Mpi& mpi) const = 0;

 protected:
  CLI::App& app_;
};

/// "initlaw study run|status|show|export|plot|extend|verify".
class StudyCommand {
 public:
  /// `command_line` is what reports say made them.
  StudyCommand(CLI::App& app, const std::string& command_line);
  ExitStatus run(const Mpi& mpi) const;

 private:
  std::vector<std::unique_ptr<StudyAction>> actions_;
};

}  // namespace initlaw
