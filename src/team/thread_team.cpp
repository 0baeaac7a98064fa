#include <utility>

#include "team/parallel_in_order.hpp"
#include "team/team.hpp"

namespace initlaw {
namespace {

class ThreadTeam final : public Team {
 public:
  ThreadTeam(unsigned threads, Perform perform) : threads_(threads), perform_(std::move(perform)) {}

  unsigned size() const override { return threads_; }

  void perform_in_order(std::uint64_t count, const std::function<std::string(std::uint64_t)>& task,
                        const std::function<bool(std::uint64_t, const std::string&)>& collect) override {
    std::uint64_t collected = 0;
    parallel_in_order(
        count, threads_, [&](std::uint64_t i) { return perform_(task(i)); },
        [&](const std::string& result) { return collect(collected++, result); });
  }

 private:
  unsigned threads_;
  Perform perform_;
};

}  // namespace

std::unique_ptr<Team> make_thread_team(unsigned threads, Perform perform) {
  return std::make_unique<ThreadTeam>(threads, std::move(perform));
}

}  // namespace initlaw
