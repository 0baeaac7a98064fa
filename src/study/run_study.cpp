#include "study/run_study.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "parallel/sample.hpp"
#include "simulation/simulation_task.hpp"
#include "study/cell_task.hpp"

namespace initlaw {
namespace {

/// One run of tasks over some cells.
class Round {
 public:
  Round(std::vector<StoredCell> cells, const WorkerPool& pool) : cells_(std::move(cells)) {
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      const auto& [id, cell, result_version, progress, finished] = cells_[c];
      const Sampler sampler = sampler_of(cell, progress.target);
      const std::uint64_t begin = progress.sums.empty() ? 0 : ordered_sums_from_bytes(sampler, progress.sums).end();
      const std::uint64_t left = sampler.whole_chunks() - begin;
      if (left <= kChunksInOnePiece) {
        pieces_.push_back({c, 0, 0});
        continue;
      }
      // Some ten seconds at most, for they are lost if the process dies.
      constexpr std::uint64_t kMostChunks = 1 << 15;
      const std::uint64_t each = std::min(kMostChunks, chunks_a_task(left, pool.size()));
      for (std::uint64_t first = begin; first < sampler.whole_chunks(); first += each) {
        pieces_.push_back({c, first, std::min(each, sampler.whole_chunks() - first)});
      }
    }
  }

  std::uint64_t size() const { return pieces_.size(); }

  std::string task(std::uint64_t i) const {
    const auto& [c, first, chunks] = pieces_[i];
    const auto& [id, cell, result_version, progress, finished] = cells_[c];
    if (chunks == 0) return to_bytes(cell, progress);
    SimulationOptions options = cell.options;
    options.samples = progress.target;
    return to_timed_task({cell.network, std::move(options), cell.input, first, chunks});
  }

  /// The cell of task i after its result; results come in order.
  const StoredCell& collect(std::uint64_t i, const std::string& result) {
    const auto& [c, first, chunks] = pieces_[i];
    StoredCell& stored = cells_[c];
    CellProgress& progress = stored.progress;
    if (chunks == 0) {
      progress = cell_from_bytes(result).second;
    } else {
      const Sampler sampler = sampler_of(stored.cell, progress.target);
      OrderedSums sums = progress.sums.empty() ? sampler.sums() : ordered_sums_from_bytes(sampler, progress.sums);
      const TimedSums run = timed_sums_from_bytes(sampler, result);
      sums.append(run.sums);
      progress.seconds += run.seconds;
      progress.sums = to_bytes(sums);
      progress.samples = sampler.networks(sums.end());
      if (sums.end() == sampler.whole_chunks()) progress = judge(stored.cell, std::move(progress));
    }
    stored.finished = !progress.result.empty();
    return stored;
  }

 private:
  struct Piece {
    std::size_t cell;
    std::uint64_t first;
    std::uint64_t chunks;  ///< 0 for a cell in one piece
  };
  std::vector<StoredCell> cells_;
  std::vector<Piece> pieces_;
};

double std_error_in(const std::string& result) {
  const auto error = nlohmann::json::parse(result)["G"]["mean"]["std_error"];
  return error.is_number() ? error.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

/// Collects what is to be stored, and stores it five times a second: a transaction takes a disk's time.
class Writer {
 public:
  explicit Writer(Store& store) : store_(store) {}

  void add(std::int64_t id, const CellProgress& progress) {
    if (!waiting_.empty() && waiting_.back().first == id) waiting_.pop_back();
    waiting_.emplace_back(id, progress);
    if (Clock::now() - last_ > std::chrono::milliseconds(200)) flush();
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
            writer.add(id, now);
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
            return go_on;
          });
      writer.flush();
    }
    if (!any) go_on = on_progress(progress);
  }
  return store.unfinished_count() == 0;
}

}  // namespace initlaw
