#include "monte_carlo/run_task.hpp"

#include <algorithm>
#include <bit>
#include <optional>

#include "monte_carlo/archive.hpp"

namespace initlaw {
namespace {

constexpr std::string_view kTaskMark = "initlaw run 2\n";
constexpr std::string_view kTallyMark = "initlaw tally 2\n";

}  // namespace

std::string to_bytes(const RunTask& task) {
  return to_marked_bytes(kTaskMark, [&](auto& archive) {
    save(archive, task.network, task.input);
    archive(task.plan, task.first, task.chunks);
  });
}

RunTask run_task_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kTaskMark, bytes, [](auto& archive) {
    auto [network, input] = load_network(archive);
    RunTask task{std::move(network), {}, std::move(input), 0, 0};
    archive(task.plan, task.first, task.chunks);
    return task;
  });
}

std::string to_bytes(const Tally& tally) {
  return to_marked_bytes(kTallyMark, [&](auto& archive) { archive(tally); });
}

Tally tally_from_bytes(const Sampler& sampler, std::string_view bytes) {
  return from_marked_bytes(kTallyMark, bytes, [&](auto& archive) {
    Tally tally = sampler.tally();
    archive(tally);
    return tally;
  });
}

Tally perform(const RunTask& task, const std::function<bool()>& stop) {
  const Sampler sampler(task.network, task.plan, task.input, 1);
  Tally tally = sampler.tally(task.first);
  for (std::uint64_t i = 0; i < task.chunks && !(stop && stop()); ++i) tally.append(sampler.simulate(task.first + i));
  return tally;
}

std::uint64_t chunks_a_task(std::uint64_t chunks, unsigned members) {
  constexpr std::uint64_t kTasksEach = 10;
  return std::bit_floor(std::max<std::uint64_t>(1, chunks / (kTasksEach * members)));
}

std::string perform_run_task(const std::string& task) { return to_bytes(perform(run_task_from_bytes(task))); }

Ensemble simulate(const Network& network, const Plan& plan, const Input& input, const Progress& progress, Team& team) {
  const Sampler sampler(network, plan, input, 1);
  Tally tally = sampler.tally();
  const std::uint64_t chunks = sampler.whole_chunks();
  const std::uint64_t each = chunks_a_task(chunks, team.size());
  bool stopped = false;
  const auto task = [&](std::uint64_t i) {
    return to_bytes(RunTask{network, plan, input, i * each, std::min(each, chunks - i * each)});
  };
  const auto collect = [&](std::uint64_t, const std::string& result) {
    tally.append(tally_from_bytes(sampler, result));
    stopped = progress && !progress(sampler.networks(tally.end()));
    return !stopped;
  };
  team.perform_in_order((chunks + each - 1) / each, task, collect);
  std::optional<Chunk> remainder;
  if (!stopped && sampler.has_remainder()) {
    remainder = sampler.simulate(chunks);
    if (progress) progress(plan.samples);
  }
  return sampler.ensemble(std::move(tally), remainder);
}

}  // namespace initlaw
