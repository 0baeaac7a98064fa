#include "simulation/simulation_task.hpp"

#include <limits>

#include "parallel/sample.hpp"
#include "simulation/archive.hpp"

namespace initlaw {
namespace {

constexpr std::string_view kSimulationTask = "run";
constexpr std::string_view kSumsKind = "sums";

}  // namespace

std::string to_bytes(const SimulationTask& task) {
  return to_marked_bytes(kSimulationTask, [&](auto& archive) {
    save(archive, task.network, task.input);
    archive(task.options, task.first, task.chunks);
  });
}

SimulationTask simulation_task_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kSimulationTask, bytes, [](auto& archive) {
    auto [network, input] = load_network(archive);
    SimulationTask task{std::move(network), {}, std::move(input), 0, 0};
    archive(task.options, task.first, task.chunks);
    return task;
  });
}

std::string to_bytes(const OrderedSums& sums) {
  return to_marked_bytes(kSumsKind, [&](auto& archive) { archive(sums); });
}

OrderedSums ordered_sums_from_bytes(const Sampler& sampler, std::string_view bytes) {
  return from_marked_bytes(kSumsKind, bytes, [&](auto& archive) {
    OrderedSums sums = sampler.sums();
    archive(sums);
    return sums;
  });
}

OrderedSums perform(const SimulationTask& task, const std::function<bool()>& stop) {
  const Sampler sampler(task.network, task.options, task.input, 1);
  OrderedSums sums = sampler.sums(task.first);
  append_chunks(sampler, sums, task.first + task.chunks, stop);
  return sums;
}

bool is_simulation_task(std::string_view bytes) { return bytes.starts_with(mark_of(kSimulationTask)); }

std::string run_simulation_task(const std::string& task) { return to_bytes(perform(simulation_task_from_bytes(task))); }

Ensemble simulate(const Network& network, const SimulationOptions& options, const Input& input,
                  const Progress& progress, WorkerPool& pool) {
  const Sampler sampler(network, options, input, 1);
  return sample(
      sampler, pool, std::numeric_limits<std::uint64_t>::max(),
      [&](std::uint64_t first, std::uint64_t chunks) {
        return to_bytes(SimulationTask{network, options, input, first, chunks});
      },
      [&](const std::string& result) { return ordered_sums_from_bytes(sampler, result); }, progress);
}

}  // namespace initlaw
