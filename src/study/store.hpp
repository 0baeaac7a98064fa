#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "study/cell.hpp"

namespace initlaw {

/// A cell in a file.
struct StoredCell {
  std::int64_t id;
  Cell cell;
  /// The kResultVersion of the initlaw that simulates it.
  int result_version;
  CellProgress progress;
  bool finished;
};

/// The journal of SQLite's that is safe on a file system of a type of statfs(2)'s: WAL wants memory that all readers
/// and writers share, which machines on a network do not.
std::string journal_mode_on(std::uint32_t file_system);

/// A study in an SQLite file; docs/studies.md describes its tables. Whatever is written is there whole or not at all,
/// after a crash too. All functions throw std::runtime_error naming the file if SQLite fails, for want of space, say,
/// or if what they read is not what was written.
class Store {
 public:
  enum class Access { kRead, kWrite };

  /// Opens a file, whatever it is called; to write, makes it if there is none, brings it to this schema if it is an
  /// older one's, and keeps others from writing as long as this object lives. Throws std::invalid_argument if the file
  /// is no study's, of a newer schema, or to read an older one, has hard links, or is written by another process.
  Store(const std::filesystem::path& path, Access access);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Adds the cells that are not there yet, of this result version, and gives those that are there the new goals: a
  /// cell whose samples are not enough for its goal is unfinished again. Returns how many were not there. `planned` is
  /// how many cells the study will have at least, once others are added.
  std::uint64_t add(const std::vector<Cell>& cells, std::uint64_t planned = 0);
  /// Raises the goal of all cells of this result version. Throws std::invalid_argument, and changes nothing, if there
  /// is none, or if one of them cannot be simulated so.
  void extend(std::uint64_t samples, std::optional<double> std_error);

  /// The cells of this result version that are not finished, in their order, from the `first` id on, `most` at most, or
  /// as many as take little memory.
  std::vector<StoredCell> unfinished(std::int64_t first, std::size_t most) const;
  /// All cells, one by one, in their order. What is wrong with a damaged one is given to `damaged` with its id, or
  /// thrown if there is no such function; then a file that is damaged elsewhere is refused as well.
  void each(const std::function<void(const StoredCell&)>& visit,
            const std::function<void(std::int64_t, const std::string&)>& damaged = {}) const;
  /// Stores progress, all of it or nothing.
  void save(const std::vector<std::pair<std::int64_t, CellProgress>>& progress);

  std::uint64_t cell_count() const;
  std::uint64_t unfinished_count() const;

  struct Counts {
    std::uint64_t cells;  ///< those that are planned included
    std::uint64_t finished;
    std::uint64_t samples;
    double seconds;
    double worst_std_error;  ///< of the mean of G, of finished cells
    std::uint64_t foreign;   ///< of another result version
  };
  Counts counts() const;

  /// A view's columns and rows: numbers with all their digits, "" for what does not exist.
  struct View {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
  };
  View view(const std::string& name) const;

  /// What is wrong with the file, but for its cells, a line each.
  std::vector<std::string> damage() const;

 private:
  struct Files;
  std::unique_ptr<Files> files_;
};

}  // namespace initlaw
