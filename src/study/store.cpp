#include "study/store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <sstream>
#include <stdexcept>

#include "initlaw/version.hpp"
#include "network/from_string.hpp"
#include "parallel/marked_bytes.hpp"
#include "study/cell_task.hpp"
#include "study/former_schemas.hpp"
#include "study/schema.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t integer(std::uint64_t number) { return static_cast<std::int64_t>(number); }

/// The file that a path leads to, made if it is to be written and there is none.
std::filesystem::path real_file(const std::filesystem::path& path, Store::Access access) {
  const auto refuse = [&](const std::string& why) { throw std::invalid_argument(path.string() + ": " + why); };
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) {
    if (access == Store::Access::kRead) refuse("there is no such file");
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) refuse(fmt::format("cannot be written: {}", std::strerror(errno)));
    close(descriptor);
  } else if (!std::filesystem::is_regular_file(status)) {
    refuse("is no regular file, as a study's must be");
  }
  // SQLite keeps its journal beside the name by which it opens a file, and would not find another name's.
  if (const auto names = std::filesystem::hard_link_count(path); names > 1) {
    refuse(fmt::format("has {} names (hard links), and a study's file must have one; copy it", names));
  }
  return std::filesystem::canonical(path);
}

/// CRC-32 of values of SQLite's: of each its type, a letter, then its 8 bytes, the lowest first, or, of a text or blob,
/// those of its length and its content.
void checksum_of(sqlite3_context* context, int count, sqlite3_value** values) {
  std::string bytes;
  const auto put = [&](char type, std::uint64_t number) {
    bytes.push_back(type);
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(number >> shift & 0xff));
  };
  for (sqlite3_value* const value : std::span(values, static_cast<std::size_t>(count))) {
    switch (sqlite3_value_type(value)) {
      case SQLITE_INTEGER:
        put('i', static_cast<std::uint64_t>(sqlite3_value_int64(value)));
        break;
      case SQLITE_FLOAT:
        put('r', std::bit_cast<std::uint64_t>(sqlite3_value_double(value)));
        break;
      case SQLITE_NULL:
        put('n', 0);
        break;
      default: {
        const bool is_text = sqlite3_value_type(value) == SQLITE_TEXT;
        const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
        const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
        put(is_text ? 't' : 'b', size);
        bytes.append(data, size);
      }
    }
  }
  sqlite3_result_int64(context, crc_32(bytes));
}

constexpr const char* kIdentity = "network, input, seed, method, precision, estimator, result_version";

std::string select_where(const std::string& condition) {
  return fmt::format("SELECT {}, checksum IS {} AS intact FROM cell WHERE {} ORDER BY id", kColumns, checksum(),
                     condition);
}

/// The cell of a row. Throws std::exception if it makes none.
Cell cell_in(SQLite::Statement& row) {
  const auto text = [&](const char* column) { return row.getColumn(column).getString(); };
  const auto samples = static_cast<std::uint64_t>(row.getColumn("goal_samples").getInt64());
  const auto seed = static_cast<std::uint64_t>(row.getColumn("seed").getInt64());
  if (text("method") == kJointMethod) {
    const auto input = Json::parse(text("input"));
    return JointCell{network_from_json(text("network")),
                     input.at("inputs").get<std::vector<std::vector<double>>>(),
                     {.samples = samples,
                      .seed = seed,
                      .pairs = input.at("pairs").get<std::vector<InputPair>>(),
                      .layers = input.at("layers").get<std::vector<std::size_t>>()}};
  }
  Input input;
  if (!row.getColumn("input").isNull()) input = Input(Json::parse(text("input")).get<std::vector<double>>());
  const SQLite::Column goal = row.getColumn("goal_std_error");
  return SingleCell{network_from_json(text("network")),
                    std::move(input),
                    {.samples = samples,
                     .seed = seed,
                     .method = from_string<Method>("method", text("method")),
                     .precision = from_string<Precision>("precision", text("precision")),
                     .estimator = from_string<Estimator>("estimator", text("estimator"))},
                    goal.isNull() ? std::nullopt : std::optional(goal.getDouble())};
}

/// Throws std::exception if the row is not what was written, or makes no cell.
StoredCell cell_of(SQLite::Statement& row) {
  if (row.getColumn("intact").getInt() == 0) throw std::runtime_error("is damaged: its checksum is another");
  const SQLite::Column sums = row.getColumn("sums");
  const bool has_result = !row.getColumn("result").isNull();
  return {.id = row.getColumn("id").getInt64(),
          .cell = cell_in(row),
          .result_version = row.getColumn("result_version").getInt(),
          .progress = {.target = static_cast<std::uint64_t>(row.getColumn("target_samples").getInt64()),
                       .sums = sums.isNull() ? "" : sums.getString(),
                       .samples = static_cast<std::uint64_t>(row.getColumn("samples").getInt64()),
                       .result = has_result ? row.getColumn("result").getString() : "",
                       .seconds = row.getColumn("seconds").getDouble()},
          .finished = row.getColumn("finished").getInt() != 0};
}

void bind_kind(SQLite::Statement& statement, const SingleCell& cell) {
  if (cell.input.size() > 0) {
    statement.bind(2, Json(cell.input.values(cell.network)).dump());
  } else {
    statement.bind(2);
  }
  statement.bind(4, std::string(to_string(cell.options.method)));
  statement.bind(5, std::string(to_string(cell.options.precision)));
  statement.bind(6, std::string(to_string(cell.options.estimator)));
}

void bind_kind(SQLite::Statement& statement, const JointCell& cell) {
  const Json input = {{"inputs", cell.inputs}, {"pairs", cell.options.pairs}, {"layers", cell.options.layers}};
  statement.bind(2, input.dump());
  statement.bind(4, kJointMethod);
  statement.bind(5, std::string(to_string(Precision::kDouble)));
  statement.bind(6, std::string(to_string(Estimator::kPlain)));
}

void bind_identity(SQLite::Statement& statement, const Cell& cell) {
  statement.bind(1, to_json(network_of(cell)));
  std::visit(
      [&](const auto& one) {
        bind_kind(statement, one);
        statement.bind(3, integer(one.options.seed));
      },
      cell);
  statement.bind(7, kResultVersion);
}

/// Executes a statement whose parameters are bound, and makes it ready for the next ones. Returns the rows changed.
int execute(SQLite::Statement& statement) {
  const int changed = statement.exec();
  statement.reset();
  return changed;
}

/// Writes the checksums of rows that have been changed.
class Checksums {
 public:
  explicit Checksums(SQLite::Database& database)
      : update_(database, fmt::format("UPDATE cell SET checksum = {} WHERE id = ?", checksum())) {}
  void update(std::int64_t id) {
    update_.bind(1, id);
    execute(update_);
  }

 private:
  SQLite::Statement update_;
};

/// Gives cells new goals.
class Goals {
 public:
  explicit Goals(SQLite::Database& database)
      : checksums_(database),
        update_(database,
                "UPDATE cell SET goal_samples = max(?1, samples), goal_std_error = ?2, finished = 0, "
                "target_samples = CASE WHEN ?2 IS NULL THEN max(?1, samples) "
                "ELSE min(max(?3, CASE WHEN samples > 0 THEN target_samples ELSE 0 END), max(?1, samples)) END "
                "WHERE id = ?4 AND (goal_samples != ?1 OR goal_std_error IS NOT ?2) AND (result IS NULL OR "
                "(samples < ?1 AND coalesce(json_extract(result, '$.G.mean.std_error') > ?2, TRUE)))") {}

  void set(std::int64_t id, const Cell& cell) {
    update_.bind(1, integer(std::visit([](const auto& one) { return one.options.samples; }, cell)));
    if (const auto* single = std::get_if<SingleCell>(&cell); single != nullptr && single->goal_std_error) {
      update_.bind(2, *single->goal_std_error);
    } else {
      update_.bind(2);
    }
    update_.bind(3, integer(first_target(cell)));
    update_.bind(4, id);
    if (execute(update_) > 0) checksums_.update(id);
  }

 private:
  Checksums checksums_;
  SQLite::Statement update_;
};

/// Tables, indices and views, which say what the cells' numbers mean, of a schema as they are and as they must be.
std::vector<std::string> schema_of(const SQLite::Database& database) {
  SQLite::Statement rows(database, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL");
  std::vector<std::string> parts;
  while (rows.executeStep()) parts.push_back(rows.getColumn(0).getString());
  return parts;
}

}  // namespace

std::string journal_mode_on(std::uint32_t file_system) {
  constexpr std::array<std::uint32_t, 15> kOnANetwork = {
      0x6969,      // NFS
      0x517b,      // SMB
      0xfe534d42,  // SMB 2
      0xff534d42,  // CIFS
      0x65735546,  // FUSE: sshfs and others
      0x0bd00bd0,  // Lustre
      0x47504653,  // GPFS
      0x19830326,  // BeeGFS
      0x00c36400,  // Ceph
      0x5346414f,  // AFS
      0x01021997,  // 9P
      0x01161970,  // GFS2
      0x7461636f,  // OCFS2
      0xaad7aaea,  // PanFS
      0x20030528,  // OrangeFS
  };
  return std::find(kOnANetwork.begin(), kOnANetwork.end(), file_system) == kOnANetwork.end() ? "wal" : "delete";
}

struct Store::Files {
  /// Keeps other processes from writing, until it is destroyed or the process ends, however it does.
  class WriteLock {
   public:
    WriteLock(const std::filesystem::path& file, const std::string& name)
        : descriptor_(open((file.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
      if (descriptor_ >= 0 && flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
      const int error = errno;
      if (descriptor_ >= 0) close(descriptor_);
      throw std::invalid_argument(error == EWOULDBLOCK
                                      ? name + ": another process is writing this study; wait for it, or end it"
                                      : fmt::format("{}.lock: cannot be locked: {}", name, std::strerror(error)));
    }
    ~WriteLock() { close(descriptor_); }
    WriteLock(const WriteLock&) = delete;
    WriteLock& operator=(const WriteLock&) = delete;

   private:
    int descriptor_;
  };

  std::string name;  ///< the path as it was given
  std::optional<WriteLock> lock;
  std::optional<SQLite::Database> database;

  /// What work() gives; an error of SQLite's is told with the file's name.
  template <typename Work>
  auto guard(const Work& work) const {
    try {
      return work();
    } catch (const SQLite::Exception& error) {
      if (error.getErrorCode() == SQLITE_CORRUPT || error.getErrorCode() == SQLITE_NOTADB) refuse(error.what());
      throw std::runtime_error(fmt::format("{}: {}; what was stored before is safe", name, error.what()));
    }
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw std::runtime_error(fmt::format("{}: is damaged: {}; see 'initlaw study verify'", name, what));
  }

  static constexpr const char* kDisagreement = "the table of cells and its indices are not of the same cells";
  /// Where whole pages are not what they were, SQLite's quick check can find nothing wrong.
  bool indices_agree() {
    constexpr const char* kSameCount =
        "SELECT count(*) = (SELECT count(*) FROM cell INDEXED BY cell_identity) AND total(NOT finished) = "
        "(SELECT count(*) FROM cell INDEXED BY cell_unfinished WHERE NOT finished) FROM cell NOT INDEXED";
    return database->execAndGet(kSameCount).getInt() != 0;
  }

  /// What is wrong with the file by a PRAGMA of SQLite's or in its schema, a line each.
  std::vector<std::string> damage(const std::string& check) {
    std::vector<std::string> lines;
    const std::vector<std::string> found = schema_of(*database);
    SQLite::Database expected(":memory:", SQLite::OPEN_READWRITE);
    expected.exec(tables_schema() + views_schema());
    for (const std::string& part : schema_of(expected)) {
      if (std::find(found.begin(), found.end(), part) == found.end())
        lines.push_back(fmt::format("the schema lacks {}", part.substr(0, part.find_first_of("(\n"))));
    }
    if (!lines.empty()) return lines;
    if (!indices_agree()) lines.emplace_back(kDisagreement);
    SQLite::Statement rows(*database, "PRAGMA " + check);
    while (rows.executeStep()) {
      std::istringstream text(rows.getColumn(0).getString());
      for (std::string line; std::getline(text, line);) {
        if (line != "ok" && !line.starts_with("***")) lines.push_back(line);
      }
    }
    return lines;
  }

  /// Throws std::runtime_error if anything but a cell is damaged.
  void require_sound() {
    if (const auto lines = damage("quick_check(1)"); !lines.empty()) refuse(lines[0]);
  }

  /// Throws std::runtime_error if the row is damaged.
  StoredCell read(SQLite::Statement& row) const {
    try {
      return cell_of(row);
    } catch (const std::exception& error) {
      refuse(fmt::format("cell {}: {}", row.getColumn("id").getInt64(), error.what()));
    }
  }

  /// Cells of this result version for which a condition holds, from the `first` id on, `most` at most, or as many as
  /// take little memory.
  std::vector<StoredCell> cells(const std::string& condition, std::int64_t first, std::size_t most) const {
    SQLite::Statement rows(*database, select_where(condition) + " LIMIT ?3");
    rows.bind(1, kResultVersion);
    rows.bind(2, first);
    rows.bind(3, integer(most));
    constexpr std::size_t kMostBytes = std::size_t{1} << 28;
    std::vector<StoredCell> found;
    std::size_t bytes = 0;
    while (bytes < kMostBytes && rows.executeStep()) {
      found.push_back(read(rows));
      bytes += found.back().progress.sums.size() + static_cast<std::size_t>(rows.getColumn("input").getBytes());
    }
    return found;
  }

  /// Brings a file of an earlier schema to this one, unless it is damaged.
  void convert_from(int schema) {
    if (const auto found = database->execAndGet("PRAGMA quick_check(1)").getString(); found != "ok") refuse(found);
    if (!indices_agree()) refuse(kDisagreement);
    if (const auto cell = damaged_former_cell(*database, schema))
      refuse(fmt::format("cell {}: is damaged: its checksum is another", *cell));
    initlaw::convert_from(*database, schema);
  }
};

Store::Store(const std::filesystem::path& path, Access access) : files_(std::make_unique<Files>()) {
  const std::string name = files_->name = path.string();
  const bool writes = access == Access::kWrite;
  const std::filesystem::path file = real_file(path, access);
  if (writes) files_->lock.emplace(file, name);
  try {
    constexpr int kPatience = 10'000;  // milliseconds, for readers that a checkpoint waits for
    // A journal that a kill left is played back before anything is read, and only who may write can do that.
    const bool was_killed = std::filesystem::exists(file.string() + "-journal");
    SQLite::Database& database = files_->database.emplace(
        file.string(), writes || was_killed ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY, kPatience);
    database.createFunction("initlaw_checksum", -1, true, nullptr, checksum_of);
    const int id = database.execAndGet("PRAGMA application_id").getInt();
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    const bool is_new = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
    if (is_new ? !writes : id != kApplicationId) throw std::invalid_argument(name + ": is not a study's file");
    if (version > kSchemaVersion) {
      throw std::invalid_argument(fmt::format("{}: is of a newer initlaw, with schema {}; this one knows schema {}",
                                              name, version, kSchemaVersion));
    }
    if (!writes && version < kSchemaVersion) {
      throw std::invalid_argument(fmt::format(
          "{}: is of an older initlaw, with schema {}; 'initlaw study run' and 'extend' bring it to schema {}", name,
          version, kSchemaVersion));
    }
    if (!writes) return;
    struct statfs file_system = {};
    statfs(file.c_str(), &file_system);
    const std::string journal = journal_mode_on(static_cast<std::uint32_t>(file_system.f_type));
    if (database.execAndGet("PRAGMA journal_mode = " + journal).getString() != journal)
      throw std::invalid_argument(fmt::format("{}: cannot be written with SQLite's journal mode {}", name, journal));
    database.exec("PRAGMA synchronous = FULL");
    if (is_new || version < kSchemaVersion) {
      SQLite::Transaction transaction(database);
      if (is_new) {
        make_schema(database);
      } else {
        files_->convert_from(version);
      }
      transaction.commit();
    }
    files_->require_sound();
  } catch (const SQLite::Exception& error) {
    throw std::invalid_argument(fmt::format("{}: cannot be used as a study's file: {}", name, error.what()));
  }
}

Store::~Store() = default;

std::uint64_t Store::add(const std::vector<Cell>& cells, std::uint64_t planned) {
  return files_->guard([&] {
    SQLite::Database& database = *files_->database;
    SQLite::Transaction transaction(database);
    SQLite::Statement options(database, "INSERT OR REPLACE INTO study VALUES (1, ?1, initlaw_checksum(?1))");
    options.bind(1, integer(planned));
    options.exec();
    SQLite::Statement find(database,
                           select_where("network = ?1 AND coalesce(input, '') = coalesce(?2, '') AND seed = ?3 AND "
                                        "method = ?4 AND precision = ?5 AND estimator = ?6 AND result_version = ?7"));
    SQLite::Statement insert(
        database, fmt::format("INSERT INTO cell ({}, goal_samples, target_samples) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
                              kIdentity));
    Goals goals(database);
    std::uint64_t added = 0;
    for (const Cell& cell : cells) {
      bind_identity(find, cell);
      if (find.executeStep()) {
        goals.set(files_->read(find).id, cell);
      } else {
        bind_identity(insert, cell);
        execute(insert);
        goals.set(database.getLastInsertRowid(), cell);
        ++added;
      }
      find.reset();
    }
    transaction.commit();
    return added;
  });
}

void Store::extend(std::uint64_t samples, std::optional<double> std_error) {
  files_->guard([&] {
    SQLite::Transaction transaction(*files_->database);
    Goals goals(*files_->database);
    constexpr std::size_t kAtOnce = 1000;
    std::int64_t first = 0;
    while (true) {
      std::vector<StoredCell> cells = files_->cells("result_version = ?1 AND id >= ?2", first, kAtOnce);
      if (cells.empty()) break;
      first = cells.back().id + 1;
      for (auto& [id, cell, result_version, progress, finished] : cells) {
        std::visit([&](auto& one) { one.options.samples = samples; }, cell);
        try {
          if (auto* single = std::get_if<SingleCell>(&cell)) {
            single->goal_std_error = std_error;
          } else if (std_error) {
            throw std::invalid_argument(
                "std_error: is for cells of one input, and this is one of several; give samples");
          }
          require_valid(cell);
          goals.set(id, cell);
        } catch (const std::invalid_argument& error) {
          throw std::invalid_argument(fmt::format("{}: cell {}: {}", files_->name, id, error.what()));
        }
      }
    }
    if (first == 0) {
      throw std::invalid_argument(
          fmt::format("{}: has no cell of this initlaw's result version, {}, to extend", files_->name, kResultVersion));
    }
    transaction.commit();
  });
}

std::vector<StoredCell> Store::unfinished(std::int64_t first, std::size_t most) const {
  return files_->guard([&] {
    std::vector<StoredCell> cells = files_->cells("NOT finished AND result_version = ?1 AND id >= ?2", first, most);
    // A result of fewer samples is not that of the goal.
    for (StoredCell& stored : cells) stored.progress.result.clear();
    return cells;
  });
}

void Store::each(const std::function<void(const StoredCell&)>& visit,
                 const std::function<void(std::int64_t, const std::string&)>& damaged) const {
  files_->guard([&] {
    const SQLite::Transaction snapshot(*files_->database);
    if (!damaged) files_->require_sound();
    SQLite::Statement rows(*files_->database, select_where("TRUE"));
    while (rows.executeStep()) {
      std::optional<StoredCell> stored;
      try {
        stored = damaged ? cell_of(rows) : files_->read(rows);
      } catch (const std::exception& error) {
        if (!damaged) throw;
        damaged(rows.getColumn("id").getInt64(), error.what());
      }
      if (stored) visit(*stored);
    }
  });
}

void Store::save(const std::vector<std::pair<std::int64_t, CellProgress>>& progress) {
  files_->guard([&] {
    SQLite::Transaction transaction(*files_->database);
    Checksums checksums(*files_->database);
    SQLite::Statement update(
        *files_->database,
        "UPDATE cell SET target_samples = ?2, sums = ?3, samples = ?4, result = coalesce(?5, result), "
        "seconds = ?6, finished = ?5 IS NOT NULL WHERE id = ?1");
    for (const auto& [id, now] : progress) {
      update.bind(1, id);
      update.bind(2, integer(now.target));
      if (now.sums.empty()) {
        update.bind(3);
      } else {
        update.bind(3, now.sums.data(), static_cast<int>(now.sums.size()));
      }
      update.bind(4, integer(now.samples));
      if (now.result.empty()) {
        update.bind(5);
      } else {
        update.bind(5, now.result);
      }
      update.bind(6, now.seconds);
      execute(update);
      checksums.update(id);
    }
    transaction.commit();
  });
}

std::uint64_t Store::cell_count() const {
  return files_->guard(
      [&] { return static_cast<std::uint64_t>(files_->database->execAndGet("SELECT count(*) FROM cell").getInt64()); });
}

std::uint64_t Store::unfinished_count() const {
  return files_->guard([&] {
    constexpr const char* kCount = "SELECT count(*) FROM cell WHERE NOT finished";
    return static_cast<std::uint64_t>(files_->database->execAndGet(kCount).getInt64());
  });
}

Store::Counts Store::counts() const {
  return files_->guard([&] {
    SQLite::Statement row(
        *files_->database,
        fmt::format("SELECT max(count(*), coalesce((SELECT cells FROM study), 0)), coalesce(sum(finished), 0), "
                    "coalesce(sum(samples), 0), coalesce(sum(seconds), 0), "
                    "max(json_extract(result, '$.G.mean.std_error')), coalesce(min(checksum IS {}), TRUE) AND "
                    "coalesce((SELECT min(checksum IS initlaw_checksum(cells)) FROM study), TRUE), "
                    "total(result_version != {}) FROM cell",
                    checksum(), kResultVersion));
    row.executeStep();
    if (row.getColumn(5).getInt() == 0) files_->refuse("a checksum is another");
    return Counts{static_cast<std::uint64_t>(row.getColumn(0).getInt64()),
                  static_cast<std::uint64_t>(row.getColumn(1).getInt64()),
                  static_cast<std::uint64_t>(row.getColumn(2).getInt64()),
                  row.getColumn(3).getDouble(),
                  row.getColumn(4).isNull() ? std::numeric_limits<double>::quiet_NaN() : row.getColumn(4).getDouble(),
                  static_cast<std::uint64_t>(row.getColumn(6).getInt64())};
  });
}

Store::View Store::view(const std::string& name) const {
  return files_->guard([&] {
    const SQLite::Transaction snapshot(*files_->database);
    files_->require_sound();
    for (SQLite::Statement cells(*files_->database, select_where("checksum IS NOT " + checksum()));
         cells.executeStep();)
      files_->read(cells);
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
  return files_->guard([&] { return files_->damage("integrity_check"); });
}

}  // namespace initlaw
