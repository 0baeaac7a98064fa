#pragma once

#include "cli/exit_status.hpp"
#include "mpi/mpi_pool.hpp"

namespace initlaw {

/// Runs the subcommand that the arguments name. What it throws becomes a line of standard error and a status.
ExitStatus run_command(int argc, char** argv, const Mpi& mpi);

}  // namespace initlaw
