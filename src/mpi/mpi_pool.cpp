#include "mpi/mpi_pool.hpp"

#include <mpi.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <exception>
#include <future>
#include <map>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace initlaw {
namespace {

enum Tag { kTask, kResult, kError, kGoHome };

void send(const std::string& bytes, int rank, Tag tag) {
  MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_CHAR, rank, tag, MPI_COMM_WORLD);
}

struct Message {
  int rank;
  int tag;
  std::string bytes;
};

Message receive(const MPI_Status& announced) {
  int size = 0;
  MPI_Get_count(&announced, MPI_CHAR, &size);
  Message message{announced.MPI_SOURCE, announced.MPI_TAG, std::string(static_cast<std::size_t>(size), '\0')};
  MPI_Recv(message.bytes.data(), size, MPI_CHAR, message.rank, message.tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  return message;
}

/// The next message, without burning the core that waits for it: a task takes longer than the pauses.
Message wait_for_message() {
  for (auto pause = std::chrono::microseconds(10);; pause = std::min(2 * pause, std::chrono::microseconds(1000))) {
    int arrived = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &arrived, &status);
    if (arrived != 0) return receive(status);
    std::this_thread::sleep_for(pause);
  }
}

bool was_started_with_others() {
  // Open MPI, PMIx (Slurm), PMI (MPICH, Intel MPI).
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"}) {
    if (std::getenv(variable) != nullptr) return true;
  }
  return false;
}

/// Gives tasks to whoever is free, this process's own threads among them.
class MpiPool final : public WorkerPool {
 public:
  MpiPool(int ranks, unsigned threads, TaskFunction perform)
      : ranks_(ranks), threads_(threads), perform_(std::move(perform)) {}

  unsigned size() const override { return static_cast<unsigned>(ranks_ - 1) + threads_; }

  void run_in_order(std::uint64_t count, const std::function<std::string(std::uint64_t)>& task,
                    const std::function<bool(std::uint64_t, const std::string&)>& collect) override {
    const std::uint64_t most_kept = 4 * std::uint64_t{size()};
    std::map<int, std::uint64_t> busy;  // the task of each rank that has one
    std::vector<std::pair<std::uint64_t, std::future<std::string>>> own;
    std::map<std::uint64_t, std::string> finished;
    std::uint64_t started = 0, collected = 0;
    bool stopped = false;
    std::exception_ptr error;
    const auto attempt = [&](const auto& work) {
      try {
        work();
      } catch (...) {
        if (!error) error = std::current_exception();
        stopped = true;
      }
    };
    const auto may_start = [&] { return !stopped && started < count && started < collected + most_kept; };

    while (true) {
      for (int rank = 1; rank < ranks_ && may_start(); ++rank) {
        if (busy.contains(rank)) continue;
        attempt([&] {
          send(task(started), rank, kTask);
          busy[rank] = started++;
        });
      }
      while (own.size() < threads_ && may_start()) {
        attempt([&] {
          own.emplace_back(started, std::async(std::launch::async, perform_, task(started)));
          ++started;
        });
      }
      if (busy.empty() && own.empty()) break;

      bool idle = true;
      int arrived = 0;
      MPI_Status status;
      MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &arrived, &status);
      if (arrived != 0) {
        idle = false;
        Message message = receive(status);
        const std::uint64_t index = busy.extract(message.rank).mapped();
        if (message.tag == kError) {
          attempt([&] { throw std::runtime_error("process " + std::to_string(message.rank) + ": " + message.bytes); });
        } else {
          finished.emplace(index, std::move(message.bytes));
        }
      }
      for (std::size_t i = 0; i < own.size();) {
        if (own[i].second.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
          ++i;
          continue;
        }
        idle = false;
        attempt([&] { finished.emplace(own[i].first, own[i].second.get()); });
        own.erase(own.begin() + static_cast<std::ptrdiff_t>(i));
      }
      for (auto next = finished.extract(collected); !stopped && next; next = finished.extract(collected)) {
        attempt([&] { stopped = !collect(collected, next.mapped()) || stopped; });
        ++collected;
      }
      if (idle) std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    if (error) std::rethrow_exception(error);
  }

 private:
  int ranks_;
  unsigned threads_;
  TaskFunction perform_;
};

}  // namespace

Mpi::Mpi(int argc, char** argv) {
  if (!was_started_with_others()) return;
  // Only the thread that calls this calls MPI; others compute.
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &size_);
}

Mpi::~Mpi() {
  int initialized = 0;
  MPI_Initialized(&initialized);
  if (initialized == 0) return;
  MPI_Finalize();
}

int Mpi::dismiss(int status) const {
  for (int other = 1; other < size_; ++other) send(std::to_string(status), other, kGoHome);
  return status;
}

int Mpi::serve(const TaskFunction& perform) const {
  while (true) {
    const Message message = wait_for_message();
    if (message.tag == kGoHome) return std::stoi(message.bytes);
    try {
      send(perform(message.bytes), 0, kResult);
    } catch (const std::exception& error) {
      send(error.what(), 0, kError);
    }
  }
}

std::unique_ptr<WorkerPool> Mpi::pool(unsigned threads, TaskFunction perform) const {
  if (size_ == 1) return make_thread_pool(threads, std::move(perform));
  return std::make_unique<MpiPool>(size_, threads, std::move(perform));
}

}  // namespace initlaw
