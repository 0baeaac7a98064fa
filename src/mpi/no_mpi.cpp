#include <utility>

#include "mpi/mpi_pool.hpp"

namespace initlaw {

// Built without MPI there is only this process.
Mpi::Mpi(int, char**) {}
Mpi::~Mpi() {}  // NOLINT: with MPI it is not trivial
int Mpi::serve(const TaskFunction&) const { return 0; }
int Mpi::dismiss(int status) const { return status; }
std::unique_ptr<WorkerPool> Mpi::pool(unsigned threads, TaskFunction perform) const {
  return make_thread_pool(threads, std::move(perform));
}

}  // namespace initlaw
