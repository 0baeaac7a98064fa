#include "study/run_study.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "joint/joint_task.hpp"
#include "parallel/sample.hpp"
#include "simulation/simulation_task.hpp"
#include "study/cell_task.hpp"

namespace initlaw {
namespace {

/// How many chunks of a large cell a task has at most: some ten seconds, for they are lost if the process dies.
std::uint64_t most_chunks(const Sampler&) { return 1 << 15; }
std::uint64_t most_chunks(const JointSampler& sampler) { return most_chunks_a_task(sampler); }

/// One run of tasks over some cells.
class Round {
 public:
  Round(std::vector<StoredCell> cells, const WorkerPool& pool) : cells_(std::move(cells)) {
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      std::visit([&](const auto& cell) { cut(c, sampler_of(cell, cells_[c].progress.target), pool.size()); },
                 cells_[c].cell);
    }
  }

  std::uint64_t size() const { return pieces_.size(); }

  std::string task(std::uint64_t i) const {
    const auto& [c, first, chunks] = pieces_[i];
    const StoredCell& stored = cells_[c];
    if (chunks == 0) return to_bytes(stored.cell, stored.progress);
    return std::visit([&, first = first, chunks = chunks](
                          const auto& cell) { return to_timed_task(cell, stored.progress.target, first, chunks); },
                      stored.cell);
  }

  /// Takes in the result of task i; results come in order. The cell is as it is then, but for sums to which more is to
  /// come, which are in complete().
  const StoredCell& collect(std::uint64_t i, const std::string& result) {
    const Piece& piece = pieces_[i];
    StoredCell& stored = cells_[piece.cell];
    if (piece.chunks == 0) {
      stored.progress = cell_from_bytes(result).second;
    } else {
      std::visit(
          [&](const auto& cell) {
            append(stored, cell, sampler_of(cell, stored.progress.target), timed_sums_from_bytes(result));
          },
          stored.cell);
    }
    stored.finished = !stored.progress.result.empty();
    return stored;
  }

  bool goes_on_after(std::uint64_t i) const { return i + 1 < size() && pieces_[i + 1].cell == pieces_[i].cell; }

  /// What is known of the cell of task i, which was collected last, with its sums.
  const CellProgress& complete(std::uint64_t i) {
    CellProgress& progress = cells_[pieces_[i].cell].progress;
    if (const auto* sums = std::get_if<OrderedSums>(&sums_)) progress.sums = to_bytes(*sums);
    if (const auto* sums = std::get_if<OrderedJointSums>(&sums_)) progress.sums = to_bytes(*sums);
    return progress;
  }

 private:
  struct Piece {
    std::size_t cell;
    std::uint64_t first;
    std::uint64_t chunks;  ///< 0 for a cell in one piece
  };

  template <typename AnySampler>
  void cut(std::size_t c, const AnySampler& sampler, unsigned members) {
    const std::uint64_t begin = sums_of(sampler, cells_[c].progress).end();
    const std::uint64_t left = sampler.whole_chunks() - begin;
    if (left <= chunks_in_one_piece(sampler)) {
      pieces_.push_back({c, 0, 0});
      return;
    }
    const std::uint64_t each = std::min(most_chunks(sampler), chunks_a_task(left, members));
    for (std::uint64_t first = begin; first < sampler.whole_chunks(); first += each) {
      pieces_.push_back({c, first, std::min(each, sampler.whole_chunks() - first)});
    }
  }

  template <typename AnyCell, typename AnySampler>
  void append(StoredCell& stored, const AnyCell& cell, const AnySampler& sampler, const TimedSums& run) {
    CellProgress& progress = stored.progress;
    using Sums = decltype(sampler.sums());
    if (sums_.index() == 0) sums_ = sums_of(sampler, progress);
    auto& sums = std::get<Sums>(sums_);
    sums.append(ordered_sums_from_bytes(sampler, run.sums));
    progress.seconds += run.seconds;
    progress.samples = sampler.networks(sums.end());
    if (sums.end() < sampler.whole_chunks()) return;
    progress.sums = to_bytes(sums);
    progress = judge(cell, std::move(progress), sampler, std::move(sums));
    sums_.emplace<std::monostate>();
  }

  std::vector<StoredCell> cells_;
  std::vector<Piece> pieces_;
  /// Of the cell whose pieces are collected.
  std::variant<std::monostate, OrderedSums, OrderedJointSums> sums_;
};

double std_error_in(const std::string& result) {
  const auto error = nlohmann::json::parse(result)["G"]["mean"]["std_error"];
  return error.is_number() ? error.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

/// Collects what is to be stored, and stores it five times a second: a transaction takes a disk's time.
class Writer {
 public:
  explicit Writer(Store& store) : store_(store) {}

  bool is_due() const { return Clock::now() - last_ > std::chrono::milliseconds(200); }
  void add(std::int64_t id, const CellProgress& progress) {
    if (!waiting_.empty() && waiting_.back().first == id) waiting_.pop_back();
    waiting_.emplace_back(id, progress);
    if (is_due()) flush();
  }
  void flush() {
    if (!waiting_.empty()) store_.save(waiting_);
    waiting_.clear();
    last_ = Clock::now();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Store& store_;
  std::vector<std::pair<std::int64_t, CellProgress>> waiting_;
  Clock::time_point last_ = Clock::now();
};

}  // namespace

bool run_study(Store& store, const Study* study, WorkerPool& pool,
               const std::function<bool(const StudyProgress&)>& on_progress) {
  // As many cells as are held in memory at a time.
  constexpr std::size_t kCellsARound = 4096;
  StudyProgress progress{0, 0, 0, 0, 0, std::numeric_limits<double>::quiet_NaN()};
  // Large studies are not read twice for the sake of an estimate.
  for (const StoredCell& stored : store.unfinished(0, 16 * kCellsARound)) {
    progress.work_left +=
        work_of(stored.cell, stored.progress.target - std::min(stored.progress.samples, stored.progress.target));
  }
  const std::uint64_t size = study == nullptr ? 0 : study->size();
  const double work_a_cell = study == nullptr ? 0 : study->estimated_work() / static_cast<double>(size);
  progress.work_left += work_a_cell * static_cast<double>(size);
  std::uint64_t stored = store.cell_count();
  std::uint64_t visited = 0;
  Writer writer(store);
  bool go_on = true;
  bool any = true;
  while (go_on && (any || visited < size)) {
    if (visited < size) {
      const std::vector<Cell> cells = study->cells(visited, kCellsARound);
      visited += cells.size();
      const std::uint64_t added = store.add(cells, visited < size ? size : 0);
      progress.work_left -= work_a_cell * static_cast<double>(cells.size() - added);
      stored += added;
    }
    progress.cells = std::max(stored, visited < size ? size : 0);
    progress.finished = stored - store.unfinished_count();
    std::int64_t next = 0;
    any = false;
    while (go_on) {
      std::vector<StoredCell> cells = store.unfinished(next, kCellsARound);
      if (cells.empty()) break;
      any = true;
      next = cells.back().id + 1;
      std::map<std::int64_t, std::uint64_t> samples_of;
      for (const StoredCell& cell : cells) samples_of[cell.id] = cell.progress.samples;
      Round round(std::move(cells), pool);
      pool.run_in_order(
          round.size(), [&](std::uint64_t i) { return round.task(i); },
          [&](std::uint64_t i, const std::string& result) {
            const auto& [id, cell, result_version, now, finished] = round.collect(i, result);
            const std::uint64_t before = std::exchange(samples_of[id], now.samples);
            const std::uint64_t samples = now.samples - std::min(before, now.samples);
            const double work = work_of(cell, samples);
            progress.samples += samples;
            progress.work += work;
            progress.work_left = std::max(0.0, progress.work_left - work);
            if (finished) {
              ++progress.finished;
              progress.worst_std_error = std::fmax(progress.worst_std_error, std_error_in(now.result));
            }
            go_on = on_progress(progress);
            if (!go_on || !round.goes_on_after(i) || writer.is_due()) writer.add(id, round.complete(i));
            return go_on;
          });
      writer.flush();
    }
    if (!any) go_on = on_progress(progress);
  }
  return store.unfinished_count() == 0;
}

}  // namespace initlaw
