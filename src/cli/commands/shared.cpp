#include "cli/commands/shared.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "simulation/simulation_task.hpp"

namespace initlaw {

void add_json(CLI::App& app, FileOption& json) {
  json.add_to(app, "--json", "write the machine-readable answer; - for standard output, which then holds it alone");
}

Ensemble simulate_watched(const NetworkOptions::Values& values, const SimulationOptions& options, const Mpi& mpi) {
  return watched(options.samples, [&](const Progress& progress) {
    if (mpi.size() == 1) return simulate(values.network, options, values.input, progress);
    const auto pool = mpi.pool(std::max(1u, options.threads), run_simulation_task);
    return simulate(values.network, options, values.input, progress, *pool);
  });
}

void require_one_on_standard_output(const FileOption& json, const FileOption& report) {
  if (json.to_standard_output() && report.to_standard_output()) {
    throw std::invalid_argument("--report - contradicts --json -; standard output can hold one of them");
  }
}

ExitStatus status_of(std::uint64_t samples, std::uint64_t planned) {
  if (samples >= planned) return kDone;
  print(stderr, "initlaw: interrupted after {} of {} samples\n", samples, planned);
  return kInterrupted;
}

void require_one_process(const Mpi& mpi, const std::string& command) {
  if (mpi.size() == 1) return;
  throw std::invalid_argument(fmt::format(
      "{}: runs in one process, and {} were started; it must be started without mpirun or srun", command, mpi.size()));
}

}  // namespace initlaw
