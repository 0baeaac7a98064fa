#pragma once

#include <memory>

#include "parallel/worker_pool.hpp"

namespace initlaw {

/// The processes that mpirun, srun or the like have started together.
class Mpi {
 public:
  /// Joins the others, if this process was started with others and initlaw was built with MPI; else there is only this
  /// one. Whatever fails in MPI ends all of them.
  Mpi(int argc, char** argv);
  ~Mpi();
  Mpi(const Mpi&) = delete;
  Mpi& operator=(const Mpi&) = delete;

  int rank() const { return rank_; }
  int size() const { return size_; }

  /// What all but the first process do: perform tasks until the first one dismisses them, with the status it gives.
  int serve(const TaskFunction& perform) const;
  /// What the first process does at the end: lets the others leave with a status, which is returned.
  int dismiss(int status) const;
  /// The pool of all processes, for the first one, which works on `threads` tasks itself.
  std::unique_ptr<WorkerPool> pool(unsigned threads, TaskFunction perform) const;

 private:
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace initlaw
