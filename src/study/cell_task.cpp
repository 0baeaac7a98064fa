#include "study/cell_task.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "monte_carlo/archive.hpp"
#include "monte_carlo/run_task.hpp"
#include "monte_carlo/tail_task.hpp"

namespace initlaw {
namespace {

constexpr std::string_view kMark = "initlaw cell 1\n";
constexpr std::string_view kRunMark = "initlaw timed run 1\n";

/// `samples` as whole chunks, or all that the cell may take if those are fewer.
std::uint64_t rounded_target(const Cell& cell, double samples) {
  const Sampler sampler = sampler_of(cell, cell.plan.samples);
  const double most = static_cast<double>(cell.plan.samples);
  const auto one_chunk = sampler.networks(1);
  if (!(samples < most)) return cell.plan.samples;
  const auto chunks = static_cast<std::uint64_t>(std::ceil(samples / static_cast<double>(one_chunk)));
  return std::min(cell.plan.samples, chunks * one_chunk);
}

double std_error_of(const Ensemble& ensemble) {
  return (ensemble.paired ? ensemble.paired->G_mean.estimate : ensemble.G.mean()).std_error;
}

/// What work() gives, with the seconds it took added to the progress.
template <typename Work>
auto timed(CellProgress& progress, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  auto result = work();
  progress.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

Tally tally_of(const Sampler& sampler, const CellProgress& progress) {
  return progress.tally.empty() ? sampler.tally() : tally_from_bytes(sampler, progress.tally);
}

CellProgress judge(const Cell& cell, CellProgress progress, const Sampler& sampler, Tally tally) {
  const Ensemble ensemble = timed(progress, [&] {
    std::optional<Chunk> remainder;
    if (sampler.has_remainder()) remainder = sampler.simulate(sampler.whole_chunks());
    return sampler.ensemble(std::move(tally), remainder);
  });
  progress.samples = ensemble.samples;
  const double std_error = std_error_of(ensemble);
  const bool enough = cell.goal_std_error && std_error <= *cell.goal_std_error;
  if (enough || progress.target >= cell.plan.samples) {
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
  Plan plan = cell.plan;
  plan.samples = target;
  return {cell.network, std::move(plan), cell.input, 1};
}

double work_of(const Cell& cell, std::uint64_t samples) {
  return updates(cell.network, cell.plan.method) * static_cast<double>(samples);
}

std::uint64_t first_target(const Cell& cell) {
  constexpr double kFirst = 10'000;
  return cell.goal_std_error ? rounded_target(cell, kFirst) : cell.plan.samples;
}

std::uint64_t chunks_left(const Cell& cell, const CellProgress& progress) {
  const Sampler sampler = sampler_of(cell, progress.target);
  return sampler.whole_chunks() - tally_of(sampler, progress).end();
}

CellProgress judge(const Cell& cell, CellProgress progress) {
  const Sampler sampler = sampler_of(cell, progress.target);
  Tally tally = tally_of(sampler, progress);
  return judge(cell, std::move(progress), sampler, std::move(tally));
}

CellProgress advance(const Cell& cell, CellProgress progress, const Stop& stop) {
  while (progress.result.empty()) {
    const Sampler sampler = sampler_of(cell, progress.target);
    Tally tally = tally_of(sampler, progress);
    if (sampler.whole_chunks() - tally.end() > kChunksInOnePiece) return progress;
    const bool reached = timed(progress, [&] {
      while (tally.end() < sampler.whole_chunks()) {
        if (stop && stop()) return false;
        tally.append(sampler.simulate(tally.end()));
      }
      return true;
    });
    if (!reached) return progress;
    // So few chunks are sooner simulated again than stored.
    if (tally.end() > kChunksInOnePiece) progress.tally = to_bytes(tally);
    progress = judge(cell, std::move(progress), sampler, std::move(tally));
  }
  return progress;
}

std::string to_bytes(const Cell& cell, const CellProgress& progress) {
  return to_marked_bytes(kMark, [&](auto& archive) {
    save(archive, cell.network, cell.input);
    archive(cell.plan, cell.goal_std_error, progress.target, progress.tally, progress.samples, progress.result,
            progress.seconds);
  });
}

std::pair<Cell, CellProgress> cell_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kMark, bytes, [](auto& archive) {
    auto [network, input] = load_network(archive);
    Cell cell{std::move(network), std::move(input), {}, {}};
    CellProgress progress;
    archive(cell.plan, cell.goal_std_error, progress.target, progress.tally, progress.samples, progress.result,
            progress.seconds);
    return std::pair(std::move(cell), std::move(progress));
  });
}

std::string to_timed_task(const RunTask& task) { return std::string(kRunMark) + to_bytes(task); }

TimedTally timed_tally_from_bytes(const Sampler& sampler, std::string_view bytes) {
  return from_marked_bytes(kRunMark, bytes, [&](auto& archive) {
    double seconds = 0;
    std::string tally;
    archive(seconds, tally);
    return TimedTally{tally_from_bytes(sampler, tally), seconds};
  });
}

std::string perform_study_task(const std::string& task) { return perform_study_task_until({}, task); }

std::string perform_study_task_until(const Stop& stop, const std::string& task) {
  if (task.starts_with(kRunMark)) {
    const RunTask run = run_task_from_bytes(std::string_view(task).substr(kRunMark.size()));
    CellProgress progress;
    const Tally tally = timed(progress, [&] { return perform(run, stop); });
    return to_marked_bytes(kRunMark, [&](auto& archive) { archive(progress.seconds, to_bytes(tally)); });
  }
  if (is_tail_task(task)) return perform_tail_task(task);
  if (!task.starts_with(kMark)) return perform_run_task(task);
  auto [cell, progress] = cell_from_bytes(task);
  progress = advance(cell, std::move(progress), stop);
  return to_bytes(cell, progress);
}

}  // namespace initlaw
