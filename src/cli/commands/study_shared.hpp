#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/progress.hpp"
#include "study/run_study.hpp"

namespace initlaw {

/// The option that says how many threads simulate.
class ThreadsOption {
 public:
  void add_to(CLI::App& app);
  /// Throws std::invalid_argument if it is no such number.
  unsigned count(const Mpi& mpi) const;

 private:
  std::string text_;
};

/// The argument that names a study's file.
void add_file(CLI::App& app, std::string& file, const std::string& description = "the study's SQLite file");

/// What SQLite keeps beside a study, too.
std::vector<std::filesystem::path> files_of_study(const std::string& file);

/// Runs a study, on all processes, under a progress bar or with a line a minute, until done or interrupted.
ExitStatus run_study_watched(Store& store, const Study* study, const Mpi& mpi, unsigned threads);

}  // namespace initlaw
