#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/process.hpp"
#include "cli/progress.hpp"
#include "result/json.hpp"

namespace initlaw {

/// The option that asks for JSON.
void add_json(CLI::App& app, FileOption& json);

/// Throws std::invalid_argument if both are for standard output.
void require_one_on_standard_output(const FileOption& json, const FileOption& report);

/// Writes a report's two forms: JSON where it was asked for, text unless standard output holds what `option` asks for.
template <typename Report>
void write_report(const FileOption& option, OutputFile* json, const Report& report) {
  if (json != nullptr) json->write(to_json(report));
  if (!option.to_standard_output()) print(stdout, "{}", to_text(report));
}

/// What work(progress) gives, under a bar of samples; the progress says when it is to stop, interrupted.
template <typename Work>
auto watched(std::uint64_t samples, const Work& work) {
  const Interrupt interrupt;
  ProgressBar bar(static_cast<double>(samples), "samples");
  return work([&](std::uint64_t done) {
    bar.show(static_cast<double>(std::min(done, samples)));
    return !interrupt.requested();
  });
}

/// Simulates, on all processes, until done or interrupted.
Ensemble simulate_watched(const NetworkOptions::Values& values, const SimulationOptions& options, const Mpi& mpi);

/// What a simulation ends with that may have been interrupted; says so if it was.
ExitStatus status_of(std::uint64_t samples, std::uint64_t planned);

/// Throws std::invalid_argument if a command that one process alone can run was started in several.
void require_one_process(const Mpi& mpi, const std::string& command);

}  // namespace initlaw
