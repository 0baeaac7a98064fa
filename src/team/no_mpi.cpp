#include <utility>

#include "team/mpi_team.hpp"

namespace initlaw {

// Built without MPI there is only this process.
Mpi::Mpi(int, char**) {}
Mpi::~Mpi() {}  // NOLINT: with MPI it is not trivial
int Mpi::serve(const Perform&) const { return 0; }
int Mpi::dismiss(int status) const { return status; }
std::unique_ptr<Team> Mpi::team(unsigned threads, Perform perform) const {
  return make_thread_team(threads, std::move(perform));
}

}  // namespace initlaw
