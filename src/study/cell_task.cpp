#include "study/cell_task.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "joint/joint_archive.hpp"
#include "joint/joint_task.hpp"
#include "parallel/sample.hpp"
#include "simulation/archive.hpp"
#include "simulation/simulation_task.hpp"

namespace initlaw {
namespace {

constexpr std::string_view kCellKind = "cell";
constexpr std::string_view kJointCellKind = "joint cell";
constexpr std::string_view kRunKind = "timed run";

/// `samples` as whole chunks, or all that the cell may take if those are fewer.
std::uint64_t rounded_target(const SingleCell& cell, double samples) {
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

/// The cell's options, but for samples up to `target`.
template <typename AnyCell>
auto options_until(const AnyCell& cell, std::uint64_t target) {
  auto options = cell.options;
  options.samples = target;
  return options;
}

/// What work() gives, with the seconds it took added to the progress.
template <typename Work>
auto timed(CellProgress& progress, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  auto result = work();
  progress.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

/// The number of samples after which the cell is next judged; the target if that was enough.
std::uint64_t next_target(const SingleCell& cell, std::uint64_t target, const Ensemble& ensemble) {
  const double std_error = std_error_of(ensemble);
  const bool enough = cell.goal_std_error && std_error <= *cell.goal_std_error;
  if (enough || target >= cell.options.samples) return target;
  // Without an error, for so few networks lived, there is nothing to go by but more samples.
  const double ratio = std::isfinite(std_error) ? std_error / *cell.goal_std_error : 2;
  const double needed = 1.05 * static_cast<double>(target) * ratio * ratio;
  return std::max(rounded_target(cell, needed), rounded_target(cell, static_cast<double>(target + 1)));
}

std::uint64_t next_target(const JointCell&, std::uint64_t target, const JointEnsemble&) { return target; }

template <typename AnyCell, typename AnySampler, typename Sums>
CellProgress judged(const AnyCell& cell, CellProgress progress, const AnySampler& sampler, Sums sums) {
  const auto ensemble = timed(progress, [&] { return sampler.ensemble(std::move(sums), remainder_of(sampler)); });
  progress.samples = ensemble.samples;
  const std::uint64_t target = next_target(cell, progress.target, ensemble);
  if (target == progress.target) progress.result = result_of(ensemble);
  progress.target = target;
  return progress;
}

template <typename AnyCell>
CellProgress advanced(const AnyCell& cell, CellProgress progress, const Stop& stop) {
  while (progress.result.empty()) {
    const auto sampler = sampler_of(cell, progress.target);
    auto sums = sums_of(sampler, progress);
    const std::uint64_t in_one_piece = chunks_in_one_piece(sampler);
    if (sampler.whole_chunks() - sums.end() > in_one_piece) return progress;
    const bool reached = timed(progress, [&] { return append_chunks(sampler, sums, sampler.whole_chunks(), stop); });
    if (!reached) return progress;
    // So few chunks are sooner simulated again than stored.
    if (sums.end() > in_one_piece) progress.sums = to_bytes(sums);
    progress = judged(cell, std::move(progress), sampler, std::move(sums));
  }
  return progress;
}

template <typename Archive>
void archive_progress(Archive& archive, CellProgress& progress) {
  archive(progress.target, progress.sums, progress.samples, progress.result, progress.seconds);
}

std::string bytes_of(const SingleCell& cell, CellProgress progress) {
  return to_marked_bytes(kCellKind, [&](auto& archive) {
    save(archive, cell.network, cell.input);
    archive(cell.options, cell.goal_std_error);
    archive_progress(archive, progress);
  });
}

std::string bytes_of(const JointCell& cell, CellProgress progress) {
  return to_marked_bytes(kJointCellKind, [&](auto& archive) {
    archive(to_json(cell.network), cell.inputs, cell.options);
    archive_progress(archive, progress);
  });
}

std::pair<Cell, CellProgress> joint_cell_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kJointCellKind, bytes, [](auto& archive) {
    std::string network;
    archive(network);
    JointCell cell{network_from_json(network), {}, {}};
    CellProgress progress;
    archive(cell.inputs, cell.options);
    archive_progress(archive, progress);
    return std::pair(Cell(std::move(cell)), std::move(progress));
  });
}

std::string timed_task(const std::string& task) { return mark_of(kRunKind) + task; }

}  // namespace

Sampler sampler_of(const SingleCell& cell, std::uint64_t target) {
  return {cell.network, options_until(cell, target), cell.input, 1};
}

JointSampler sampler_of(const JointCell& cell, std::uint64_t target) {
  return {cell.network, options_until(cell, target), cell.inputs, 1};
}

void require_valid(const Cell& cell) {
  std::visit([](const auto& one) { sampler_of(one, one.options.samples); }, cell);
}

double work_of(const Cell& cell, std::uint64_t samples) {
  const auto work_a_network = [&] {
    if (const auto* single = std::get_if<SingleCell>(&cell)) return updates(single->network, single->options.method);
    const auto& joint = std::get<JointCell>(cell);
    // Matrix products and angles take about twice the time of an update.
    return 2 * joint_updates(joint.network, joint.inputs.size());
  };
  return work_a_network() * static_cast<double>(samples);
}

std::uint64_t first_target(const Cell& cell) {
  constexpr double kFirst = 10'000;
  if (const auto* single = std::get_if<SingleCell>(&cell); single != nullptr && single->goal_std_error)
    return rounded_target(*single, kFirst);
  return std::visit([](const auto& one) { return one.options.samples; }, cell);
}

std::uint64_t chunks_in_one_piece(const Sampler&) { return 64; }

std::uint64_t chunks_in_one_piece(const JointSampler& sampler) {
  return static_cast<std::uint64_t>(0x1p23 / sampler.chunk_updates());
}

CellProgress judge(const SingleCell& cell, CellProgress progress, const Sampler& sampler, OrderedSums sums) {
  return judged(cell, std::move(progress), sampler, std::move(sums));
}

CellProgress judge(const JointCell& cell, CellProgress progress, const JointSampler& sampler, OrderedJointSums sums) {
  return judged(cell, std::move(progress), sampler, std::move(sums));
}

CellProgress advance(const Cell& cell, CellProgress progress, const Stop& stop) {
  return std::visit([&](const auto& one) { return advanced(one, std::move(progress), stop); }, cell);
}

std::string to_bytes(const Cell& cell, const CellProgress& progress) {
  return std::visit([&](const auto& one) { return bytes_of(one, progress); }, cell);
}

std::pair<Cell, CellProgress> cell_from_bytes(std::string_view bytes) {
  if (bytes.starts_with(mark_of(kJointCellKind))) return joint_cell_from_bytes(bytes);
  return from_marked_bytes(kCellKind, bytes, [](auto& archive) {
    auto [network, input] = load_network(archive);
    SingleCell cell{std::move(network), std::move(input), {}, {}};
    CellProgress progress;
    archive(cell.options, cell.goal_std_error);
    archive_progress(archive, progress);
    return std::pair(Cell(std::move(cell)), std::move(progress));
  });
}

std::string to_timed_task(const SingleCell& cell, std::uint64_t target, std::uint64_t first, std::uint64_t chunks) {
  return timed_task(to_bytes(SimulationTask{cell.network, options_until(cell, target), cell.input, first, chunks}));
}

std::string to_timed_task(const JointCell& cell, std::uint64_t target, std::uint64_t first, std::uint64_t chunks) {
  return timed_task(to_bytes(JointTask{cell.network, options_until(cell, target), cell.inputs, first, chunks}));
}

TimedSums timed_sums_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kRunKind, bytes, [](auto& archive) {
    TimedSums timed{};
    archive(timed.seconds, timed.sums);
    return timed;
  });
}

bool is_study_task(std::string_view bytes) {
  const auto is = [&](std::string_view kind) { return bytes.starts_with(mark_of(kind)); };
  return is(kCellKind) || is(kJointCellKind) || is(kRunKind);
}

std::string perform_study_task(const std::string& task, const Stop& stop) {
  if (const std::string mark = mark_of(kRunKind); task.starts_with(mark)) {
    const std::string_view run = std::string_view(task).substr(mark.size());
    CellProgress progress;
    const std::string sums = timed(progress, [&] {
      return is_joint_task(run) ? to_bytes(perform(joint_task_from_bytes(run), stop))
                                : to_bytes(perform(simulation_task_from_bytes(run), stop));
    });
    return to_marked_bytes(kRunKind, [&](auto& archive) { archive(progress.seconds, sums); });
  }
  auto [cell, progress] = cell_from_bytes(task);
  progress = advance(cell, std::move(progress), stop);
  return to_bytes(cell, progress);
}

}  // namespace initlaw
