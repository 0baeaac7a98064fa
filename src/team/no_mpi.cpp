#include <utility>

#include "team/mpi_team.hpp"

namespace initlaw {

// Built without MPI there is only this process.
Mpi::Mpi(int, char**) {}
Mpi::~Mpi() {}  // NOLINT: with MPI it is not trivial
void Mpi::serve(const Perform&) const {}
std::unique_ptr<Team> Mpi::team(unsigned threads, Perform perform) const {
  return make_thread_team(threads, std::move(perform));
}

}  // namespace initlaw
