#include "study/run_study.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "monte_carlo/run_task.hpp"
#include "study/cell_task.hpp"

namespace initlaw {
namespace {

/// One run of tasks over some cells.
class Round {
 public:
  Round(std::vector<StoredCell> cells, const Team& team) : cells_(std::move(cells)) {
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      const auto& [id, cell, version, progress, finished] = cells_[c];
      const Sampler sampler = sampler_of(cell, progress.target);
      const std::uint64_t begin = progress.tally.empty() ? 0 : tally_from_bytes(sampler, progress.tally).end();
      const std::uint64_t left = sampler.whole_chunks() - begin;
      if (left <= kChunksInOnePiece) {
        pieces_.push_back({c, 0, 0});
        continue;
      }
      // Some ten seconds at most, for they are lost if the process dies.
      constexpr std::uint64_t kMostChunks = 1 << 15;
      const std::uint64_t each = std::min(kMostChunks, chunks_a_task(left, team.size()));
      for (std::uint64_t first = begin; first < sampler.whole_chunks(); first += each) {
        pieces_.push_back({c, first, std::min(each, sampler.whole_chunks() - first)});
      }
    }
  }

  std::uint64_t size() const { return pieces_.size(); }

  std::string task(std::uint64_t i) const {
    const auto& [c, first, chunks] = pieces_[i];
    const auto& [id, cell, version, progress, finished] = cells_[c];
    if (chunks == 0) return to_bytes(cell, progress);
    Plan plan = cell.plan;
    plan.samples = progress.target;
    return to_timed_task({cell.network, std::move(plan), cell.input, first, chunks});
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
      Tally tally = progress.tally.empty() ? sampler.tally() : tally_from_bytes(sampler, progress.tally);
      const TimedTally run = timed_tally_from_bytes(sampler, result);
      tally.append(run.tally);
      progress.seconds += run.seconds;
      progress.tally = to_bytes(tally);
      progress.samples = sampler.networks(tally.end());
      if (tally.end() == sampler.whole_chunks()) progress = judge(stored.cell, std::move(progress));
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

double work_of(const Cell& cell, std::uint64_t samples) {
  return updates(cell.network, cell.plan.method) * static_cast<double>(samples);
}

double std_error_in(const std::string& result) {
  const auto error = nlohmann::json::parse(result)["G"]["mean"]["std_error"];
  return error.is_number() ? error.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

/// Collects what is to be stored, and stores it five times a second: a transaction takes a disk's time.
class Writer {
 public:
  explicit Writer(Store& store) : store_(store) {}

  void add(const StoredCell& stored) {
    if (!waiting_.empty() && waiting_.back().first == stored.id) waiting_.pop_back();
    waiting_.emplace_back(stored.id, stored.progress);
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

bool run_study(Store& store, Team& team, const std::function<bool(const StudyProgress&)>& on_progress) {
  // As many cells as are held in memory at a time.
  constexpr std::size_t kCellsARound = 4096;
  const Store::Counts counts = store.counts();
  StudyProgress progress{counts.cells, counts.finished, 0, 0, 0, counts.worst_std_error};
  // Large studies are not read twice for the sake of an estimate.
  for (const StoredCell& stored : store.unfinished(0, 16 * kCellsARound)) {
    progress.work_left +=
        work_of(stored.cell, stored.progress.target - std::min(stored.progress.samples, stored.progress.target));
  }
  Writer writer(store);
  bool go_on = true;
  while (go_on) {
    std::int64_t next = 0;
    bool any = false;
    while (go_on) {
      std::vector<StoredCell> cells = store.unfinished(next, kCellsARound);
      if (cells.empty()) break;
      any = true;
      next = cells.back().id + 1;
      std::map<std::int64_t, std::uint64_t> samples_of;
      for (const StoredCell& stored : cells) samples_of[stored.id] = stored.progress.samples;
      Round round(std::move(cells), team);
      team.perform_in_order(
          round.size(), [&](std::uint64_t i) { return round.task(i); },
          [&](std::uint64_t i, const std::string& result) {
            const StoredCell& stored = round.collect(i, result);
            writer.add(stored);
            std::uint64_t& before = samples_of[stored.id];
            const double work =
                work_of(stored.cell, stored.progress.samples - std::min(before, stored.progress.samples));
            progress.samples += stored.progress.samples - std::min(before, stored.progress.samples);
            before = stored.progress.samples;
            progress.work += work;
            progress.work_left = std::max(0.0, progress.work_left - work);
            if (stored.finished) {
              ++progress.finished;
              progress.worst_std_error = std::fmax(progress.worst_std_error, std_error_in(stored.progress.result));
            }
            go_on = on_progress(progress);
            return go_on;
          });
      writer.flush();
    }
    if (!any) break;
  }
  writer.flush();
  return store.counts().finished == store.counts().cells;
}

}  // namespace initlaw
