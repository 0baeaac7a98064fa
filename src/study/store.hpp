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
  /// The version of initlaw that simulates it.
  std::string version;
  CellProgress progress;
  bool finished;
};

/// A study in an SQLite file; docs/studies.md describes its tables. Whatever is written is there whole or not at all,
/// after a crash too. All functions throw std::runtime_error naming the file if SQLite fails: for want of space, say.
class Store {
 public:
  enum class Access { kRead, kWrite };

  /// Opens a file; to write, makes it if there is none and keeps others from writing as long as this object lives.
  /// Throws std::invalid_argument if the file is no study's, a newer version's, or written by another process.
  Store(std::filesystem::path path, Access access);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Adds the cells that are not there yet, of this version, and gives those that are there the new goals: a cell whose
  /// samples are not enough for its goal is unfinished again.
  void add(const std::vector<Cell>& cells);
  /// Raises the goal of all cells of this version.
  void extend(std::uint64_t samples, std::optional<double> std_error);

  /// The cells of this version that are not finished, in their order, from the `first` id on, `most` at most.
  std::vector<StoredCell> unfinished(std::int64_t first, std::size_t most) const;
  /// All cells, one by one, in their order.
  void each(const std::function<void(const StoredCell&)>& visit) const;
  /// Stores progress, all of it or nothing.
  void save(const std::vector<std::pair<std::int64_t, CellProgress>>& progress);

  struct Counts {
    std::uint64_t cells;
    std::uint64_t finished;
    std::uint64_t samples;
    double seconds;
    double worst_std_error;  ///< of the mean of G, of finished cells
  };
  Counts counts() const;

  /// A view's columns and rows: numbers with all their digits, "" for what does not exist.
  struct View {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
  };
  View view(const std::string& name) const;

  /// What SQLite finds wrong with the file, a line each.
  std::vector<std::string> damage() const;

 private:
  struct Files;
  std::unique_ptr<Files> files_;
};

}  // namespace initlaw
