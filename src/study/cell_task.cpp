#include "study/cell_task.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "simulation/archive.hpp"
#include "simulation/simulation_task.hpp"

namespace initlaw {
namespace {

constexpr std::string_view kCellKind = "cell";
constexpr std::string_view kRunKind = "timed run";

/// `samples` as whole chunks, or all that the cell may take if those are fewer.
std::uint64_t rounded_target(const Cell& cell, double samples) {
  const Sampler sampler = sampler_of(cell, cell.options.samples);
  const double most = static_cast<double>(cell.options.samples);
  const auto one_chunk = sampler.networks(1);
  if (!(samples < most)) return cell.options.samples;
  const auto chunks = static_cast<std::uint64_t>(std::ceil(samples / static_cast<double>(one_chunk)));
  return std::min(cell.options.samples, chunks * one_chunk);
}

double std_error_of(const Ensemble& ensemble) {
  return (ensemble.antithetic ? ensemble.antithetic->growth_mean.estimate : ensemble.growth.mean()).std_error;
}

/// What work() gives, with the seconds it took added to the progress.
template <typename Work>
auto timed(CellProgress& progress, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  auto result = work();
  progress.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

OrderedSums sums_of(const Sampler& sampler, const CellProgress& progress) {
  return progress.sums.empty() ? sampler.sums() : ordered_sums_from_bytes(sampler, progress.sums);
}

CellProgress judge(const Cell& cell, CellProgress progress, const Sampler& sampler, OrderedSums sums) {
  const Ensemble ensemble = timed(progress, [&] {
    std::optional<Chunk> remainder;
    if (sampler.has_remainder()) remainder = sampler.simulate(sampler.whole_chunks());
    return sampler.ensemble(std::move(sums), remainder);
  });
  progress.samples = ensemble.samples;
  const double std_error = std_error_of(ensemble);
  const bool enough = cell.goal_std_error && std_error <= *cell.goal_std_error;
  if (enough || progress.target >= cell.options.samples) {
    progress.result = result_of(ensemble);
    return progress;
  }
  // Without an error, for so few networks lived, there is nothing to go by but more samples.
  const double ratio = std::isfinite(std_error) ? std_error / *cell.goal_std_error : 2;
  const double needed = 1.05 * static_cast<double>(progress.target) * ratio * ratio;
  progress.target =
      std::max(rounded_target(cell, needed), rounded_target(cell, static_cast<double>(progress.target + 1)));
  return progress;
}

}  // namespace

Sampler sampler_of(const Cell& cell, std::uint64_t target) {
  SimulationOptions options = cell.options;
  options.samples = target;
  return {cell.network, std::move(options), cell.input, 1};
}

double work_of(const Cell& cell, std::uint64_t samples) {
  return updates(cell.network, cell.options.method) * static_cast<double>(samples);
}

std::uint64_t first_target(const Cell& cell) {
  constexpr double kFirst = 10'000;
  return cell.goal_std_error ? rounded_target(cell, kFirst) : cell.options.samples;
}

std::uint64_t chunks_left(const Cell& cell, const CellProgress& progress) {
  const Sampler sampler = sampler_of(cell, progress.target);
  return sampler.whole_chunks() - sums_of(sampler, progress).end();
}

CellProgress judge(const Cell& cell, CellProgress progress) {
  const Sampler sampler = sampler_of(cell, progress.target);
  OrderedSums sums = sums_of(sampler, progress);
  return judge(cell, std::move(progress), sampler, std::move(sums));
}

CellProgress advance(const Cell& cell, CellProgress progress, const Stop& stop) {
  while (progress.result.empty()) {
    const Sampler sampler = sampler_of(cell, progress.target);
    OrderedSums sums = sums_of(sampler, progress);
    if (sampler.whole_chunks() - sums.end() > kChunksInOnePiece) return progress;
    const bool reached = timed(progress, [&] {
      while (sums.end() < sampler.whole_chunks()) {
        if (stop && stop()) return false;
        sums.append(sampler.simulate(sums.end()));
      }
      return true;
    });
    if (!reached) return progress;
    // So few chunks are sooner simulated again than stored.
    if (sums.end() > kChunksInOnePiece) progress.sums = to_bytes(sums);
    progress = judge(cell, std::move(progress), sampler, std::move(sums));
  }
  return progress;
}

std::string to_bytes(const Cell& cell, const CellProgress& progress) {
  return to_marked_bytes(kCellKind, [&](auto& archive) {
    save(archive, cell.network, cell.input);
    archive(cell.options, cell.goal_std_error, progress.target, progress.sums, progress.samples, progress.result,
            progress.seconds);
  });
}

std::pair<Cell, CellProgress> cell_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kCellKind, bytes, [](auto& archive) {
    auto [network, input] = load_network(archive);
    Cell cell{std::move(network), std::move(input), {}, {}};
    CellProgress progress;
    archive(cell.options, cell.goal_std_error, progress.target, progress.sums, progress.samples, progress.result,
            progress.seconds);
    return std::pair(std::move(cell), std::move(progress));
  });
}

std::string to_timed_task(const SimulationTask& task) { return mark_of(kRunKind) + to_bytes(task); }

TimedSums timed_sums_from_bytes(const Sampler& sampler, std::string_view bytes) {
  return from_marked_bytes(kRunKind, bytes, [&](auto& archive) {
    double seconds = 0;
    std::string sums;
    archive(seconds, sums);
    return TimedSums{ordered_sums_from_bytes(sampler, sums), seconds};
  });
}

bool is_study_task(std::string_view bytes) {
  return bytes.starts_with(mark_of(kCellKind)) || bytes.starts_with(mark_of(kRunKind));
}

std::string perform_study_task(const std::string& task, const Stop& stop) {
  if (const std::string mark = mark_of(kRunKind); task.starts_with(mark)) {
    const SimulationTask run = simulation_task_from_bytes(std::string_view(task).substr(mark.size()));
    CellProgress progress;
    const OrderedSums sums = timed(progress, [&] { return perform(run, stop); });
    return to_marked_bytes(kRunKind, [&](auto& archive) { archive(progress.seconds, to_bytes(sums)); });
  }
  auto [cell, progress] = cell_from_bytes(task);
  progress = advance(cell, std::move(progress), stop);
  return to_bytes(cell, progress);
}

}  // namespace initlaw
