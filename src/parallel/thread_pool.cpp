#include <utility>

#include "parallel/parallel_in_order.hpp"
#include "parallel/worker_pool.hpp"

namespace initlaw {
namespace {

class ThreadPool final : public WorkerPool {
 public:
  ThreadPool(unsigned threads, TaskFunction perform) : threads_(threads), perform_(std::move(perform)) {}

  unsigned size() const override { return threads_; }

  void run_in_order(std::uint64_t count, const std::function<std::string(std::uint64_t)>& task,
                    const std::function<bool(std::uint64_t, const std::string&)>& collect) override {
    std::uint64_t collected = 0;
    parallel_in_order(
        count, threads_, [&](std::uint64_t i) { return perform_(task(i)); },
        [&](const std::string& result) { return collect(collected++, result); });
  }

 private:
  unsigned threads_;
  TaskFunction perform_;
};

}  // namespace

std::unique_ptr<WorkerPool> make_thread_pool(unsigned threads, TaskFunction perform) {
  return std::make_unique<ThreadPool>(threads, std::move(perform));
}

}  // namespace initlaw
