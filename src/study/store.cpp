#include "study/store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "initlaw/version.hpp"
#include "study/cell_task.hpp"
#include "study/schema.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

const char* name_of(Method method) { return method == Method::kFast ? "fast" : "dense"; }
const char* name_of(Precision precision) { return precision == Precision::kFloat ? "float" : "double"; }
const char* name_of(Estimator estimator) { return estimator == Estimator::kPlain ? "plain" : "paired"; }

std::int64_t integer(std::uint64_t number) { return static_cast<std::int64_t>(number); }

/// Keeps other processes from writing, until it is destroyed or the process ends, however it does.
class WriteLock {
 public:
  explicit WriteLock(const std::filesystem::path& path)
      : descriptor_(open((path.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) throw std::invalid_argument(path.string() + ": no file can be written there");
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      close(descriptor_);
      throw std::invalid_argument(path.string() + ": another process is writing this study; wait for it, or end it");
    }
  }
  ~WriteLock() { close(descriptor_); }
  WriteLock(const WriteLock&) = delete;
  WriteLock& operator=(const WriteLock&) = delete;

 private:
  int descriptor_;
};

constexpr const char* kSelect =
    "SELECT id, network, input, seed, method, precision, estimator, version, goal_samples, goal_std_error, "
    "target_samples, samples, tally, result, seconds, finished FROM cell ";

StoredCell cell_of(SQLite::Statement& row) {
  Input input;
  if (!row.getColumn("input").isNull()) {
    input = Input(Json::parse(row.getColumn("input").getString()).get<std::vector<double>>());
  }
  const auto is = [&](const char* column, const char* name) { return row.getColumn(column).getString() == name; };
  Plan plan{.samples = static_cast<std::uint64_t>(row.getColumn("goal_samples").getInt64()),
            .seed = static_cast<std::uint64_t>(row.getColumn("seed").getInt64()),
            .method = is("method", "dense") ? Method::kDense : Method::kFast,
            .precision = is("precision", "double") ? Precision::kDouble : Precision::kFloat,
            .estimator = is("estimator", "paired") ? Estimator::kPaired : Estimator::kPlain};
  const SQLite::Column goal = row.getColumn("goal_std_error");
  const SQLite::Column tally = row.getColumn("tally");
  const bool has_result = !row.getColumn("result").isNull();
  return {.id = row.getColumn("id").getInt64(),
          .cell = {network_from_json(row.getColumn("network").getString()), std::move(input), std::move(plan),
                   goal.isNull() ? std::nullopt : std::optional(goal.getDouble())},
          .version = row.getColumn("version").getString(),
          .progress = {.target = static_cast<std::uint64_t>(row.getColumn("target_samples").getInt64()),
                       .tally = tally.isNull() ? "" : tally.getString(),
                       .samples = static_cast<std::uint64_t>(row.getColumn("samples").getInt64()),
                       .result = has_result ? row.getColumn("result").getString() : "",
                       .seconds = row.getColumn("seconds").getDouble()},
          .finished = row.getColumn("finished").getInt() != 0};
}

}  // namespace

struct Store::Files {
  std::filesystem::path path;
  std::optional<WriteLock> lock;
  std::optional<SQLite::Database> database;

  /// What work() gives; an error of SQLite's is told with the file's name.
  template <typename Work>
  auto guard(const Work& work) const {
    try {
      return work();
    } catch (const SQLite::Exception& error) {
      throw std::runtime_error(fmt::format("{}: {}; what was stored before is safe", path.string(), error.what()));
    }
  }
};

Store::Store(std::filesystem::path path, Access access) : files_(std::make_unique<Files>()) {
  files_->path = std::move(path);
  const std::string name = files_->path.string();
  const bool writes = access == Access::kWrite;
  if (!writes && !std::filesystem::exists(files_->path)) throw std::invalid_argument(name + ": there is no such file");
  if (writes) files_->lock.emplace(files_->path);
  try {
    constexpr int kPatience = 10'000;  // milliseconds, for readers that a checkpoint waits for
    SQLite::Database& database = files_->database.emplace(
        name, writes ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE : SQLite::OPEN_READONLY, kPatience);
    const int id = database.execAndGet("PRAGMA application_id").getInt();
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    const bool is_new = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
    if (is_new ? !writes : id != kApplicationId) throw std::invalid_argument(name + ": is not a study's file");
    if (version > kSchemaVersion) {
      throw std::invalid_argument(fmt::format("{}: is of a newer initlaw, with schema {}; this one knows schema {}",
                                              name, version, kSchemaVersion));
    }
    if (!writes) return;
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    if (is_new) {
      SQLite::Transaction transaction(database);
      database.exec(kSchema);
      database.exec(
          fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, kSchemaVersion));
      transaction.commit();
    }
  } catch (const SQLite::Exception& error) {
    throw std::invalid_argument(fmt::format("{}: cannot be used as a study's file: {}", name, error.what()));
  }
}

Store::~Store() = default;

void Store::add(const std::vector<Cell>& cells) {
  files_->guard([&] {
    SQLite::Transaction transaction(*files_->database);
    SQLite::Statement insert(*files_->database,
                             "INSERT OR IGNORE INTO cell (network, input, seed, method, precision, estimator, version, "
                             "goal_samples, target_samples) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    SQLite::Statement set_goal(
        *files_->database,
        "UPDATE cell SET goal_samples = max(?1, samples), goal_std_error = ?2, finished = 0, "
        "target_samples = CASE WHEN ?2 IS NULL THEN max(?1, samples) "
        "ELSE min(max(?3, CASE WHEN samples > 0 THEN target_samples ELSE 0 END), max(?1, samples)) END "
        "WHERE network = ?4 AND coalesce(input, '') = coalesce(?5, '') AND seed = ?6 AND method = ?7 AND precision = "
        "?8 "
        "AND estimator = ?9 AND version = ?10 "
        "AND (goal_samples != ?1 OR goal_std_error IS NOT ?2) "
        "AND (result IS NULL OR (samples < ?1 AND coalesce(json_extract(result, '$.G.mean.std_error') > ?2, TRUE)))");
    for (const Cell& cell : cells) {
      const auto bind_identity = [&](SQLite::Statement& statement, int at) {
        statement.bind(at, to_json(cell.network));
        if (cell.input.size() > 0) {
          statement.bind(at + 1, Json(cell.input.values(cell.network)).dump());
        } else {
          statement.bind(at + 1);
        }
        statement.bind(at + 2, integer(cell.plan.seed));
        statement.bind(at + 3, name_of(cell.plan.method));
        statement.bind(at + 4, name_of(cell.plan.precision));
        statement.bind(at + 5, name_of(cell.plan.estimator));
        statement.bind(at + 6, std::string(version()));
      };
      bind_identity(insert, 1);
      insert.bind(8, 0);
      insert.bind(9, 0);
      insert.exec();
      insert.reset();
      set_goal.bind(1, integer(cell.plan.samples));
      if (cell.goal_std_error) {
        set_goal.bind(2, *cell.goal_std_error);
      } else {
        set_goal.bind(2);
      }
      set_goal.bind(3, integer(first_target(cell)));
      bind_identity(set_goal, 4);
      set_goal.exec();
      set_goal.reset();
    }
    transaction.commit();
  });
}

void Store::extend(std::uint64_t samples, std::optional<double> std_error) {
  std::vector<Cell> cells;
  each([&](const StoredCell& stored) {
    if (stored.version != version()) return;
    cells.push_back(stored.cell);
    cells.back().plan.samples = samples;
    cells.back().goal_std_error = std_error;
  });
  add(cells);
}

std::vector<StoredCell> Store::unfinished(std::int64_t first, std::size_t most) const {
  return files_->guard([&] {
    SQLite::Statement rows(*files_->database,
                           std::string(kSelect) + "WHERE NOT finished AND version = ? AND id >= ? ORDER BY id LIMIT ?");
    rows.bind(1, std::string(version()));
    rows.bind(2, first);
    rows.bind(3, integer(most));
    std::vector<StoredCell> cells;
    while (rows.executeStep()) {
      cells.push_back(cell_of(rows));
      // A result of fewer samples is not that of the goal.
      cells.back().progress.result.clear();
    }
    return cells;
  });
}

void Store::each(const std::function<void(const StoredCell&)>& visit) const {
  files_->guard([&] {
    SQLite::Statement rows(*files_->database, std::string(kSelect) + "ORDER BY id");
    while (rows.executeStep()) visit(cell_of(rows));
  });
}

void Store::save(const std::vector<std::pair<std::int64_t, CellProgress>>& progress) {
  files_->guard([&] {
    SQLite::Transaction transaction(*files_->database);
    SQLite::Statement update(
        *files_->database,
        "UPDATE cell SET target_samples = ?2, tally = ?3, samples = ?4, result = coalesce(?5, result), "
        "seconds = ?6, finished = ?5 IS NOT NULL WHERE id = ?1");
    for (const auto& [id, now] : progress) {
      update.bind(1, id);
      update.bind(2, integer(now.target));
      if (now.tally.empty()) {
        update.bind(3);
      } else {
        update.bind(3, now.tally.data(), static_cast<int>(now.tally.size()));
      }
      update.bind(4, integer(now.samples));
      if (now.result.empty()) {
        update.bind(5);
      } else {
        update.bind(5, now.result);
      }
      update.bind(6, now.seconds);
      update.exec();
      update.reset();
    }
    transaction.commit();
  });
}

Store::Counts Store::counts() const {
  return files_->guard([&] {
    SQLite::Statement row(
        *files_->database,
        "SELECT count(*), coalesce(sum(finished), 0), coalesce(sum(samples), 0), coalesce(sum(seconds), 0), "
        "max(json_extract(result, '$.G.mean.std_error')) FROM cell");
    row.executeStep();
    return Counts{static_cast<std::uint64_t>(row.getColumn(0).getInt64()),
                  static_cast<std::uint64_t>(row.getColumn(1).getInt64()),
                  static_cast<std::uint64_t>(row.getColumn(2).getInt64()), row.getColumn(3).getDouble(),
                  row.getColumn(4).isNull() ? std::numeric_limits<double>::quiet_NaN() : row.getColumn(4).getDouble()};
  });
}

Store::View Store::view(const std::string& name) const {
  return files_->guard([&] {
    SQLite::Statement rows(*files_->database, "SELECT * FROM " + name);
    View view;
    for (int i = 0; i < rows.getColumnCount(); ++i) view.columns.emplace_back(rows.getColumnName(i));
    while (rows.executeStep()) {
      auto& row = view.rows.emplace_back();
      for (int i = 0; i < rows.getColumnCount(); ++i) {
        const SQLite::Column column = rows.getColumn(i);
        row.push_back(column.isFloat() ? fmt::format("{}", column.getDouble()) : column.getString());
      }
    }
    return view;
  });
}

std::vector<std::string> Store::damage() const {
  return files_->guard([&] {
    SQLite::Statement rows(*files_->database, "PRAGMA integrity_check");
    std::vector<std::string> lines;
    while (rows.executeStep()) {
      if (rows.getColumn(0).getString() != "ok") lines.push_back(rows.getColumn(0).getString());
    }
    return lines;
  });
}

}  // namespace initlaw
