#include "cli/process.hpp"
#include "cli/run_command.hpp"
#include "cli/tasks.hpp"

int main(int argc, char** argv) {
  initlaw::prepare_process();
  const initlaw::Mpi mpi(argc, argv);
  if (mpi.rank() > 0) return mpi.serve(initlaw::perform_any_task);
  return mpi.dismiss(initlaw::run_command(argc, argv, mpi));
}
