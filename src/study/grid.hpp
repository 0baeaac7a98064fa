#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "study/cell.hpp"

namespace initlaw {

/// The cells of a study: of each of its grids all combinations of values.
///
/// A grid's keys are those of a network's document, and `depth_per_width`, `samples`, `std_error`, `seed`, `method`,
/// `precision`, `estimator`, `input`, `row`, and for several inputs `rows`, `pairs`, `layers`. A value is one of them,
/// a list of them, or a range {from, to, step} or {from, to, factor}, both ends included. A schedule of alphas, lambdas
/// or widths is a list in a list.
class Study {
 public:
  /// Reads "[[grid]]" tables, or the keys of a single grid. Files are looked up from `folder`. Throws
  /// std::invalid_argument naming grid and key for whatever is wrong with the text, though not yet with its networks.
  Study(std::string_view toml, std::filesystem::path folder);

  /// A study of more cells is not looked at as a whole before it runs.
  static constexpr std::uint64_t kMostAtOnce = 100'000;
  /// A smaller standard error would take more networks than can be simulated.
  static constexpr double kLeastStdError = 1e-9;

  std::uint64_t size() const { return size_; }
  /// The work of all cells in updates of neurons, roughly: from a thousand of them.
  double estimated_work() const;
  /// Throws std::invalid_argument naming the cell if one is no network, or twice there; of more than kMostAtOnce a
  /// thousand are looked at, in all parts of the study.
  void require_valid() const;
  /// The cells from index `first` on, `most` at most, fewer if their inputs are large. Throws std::invalid_argument
  /// naming the cell if one is no network.
  std::vector<Cell> cells(std::uint64_t first, std::uint64_t most) const;

 private:
  struct Axis {
    std::string key;
    std::uint64_t size;
    std::function<std::string(std::uint64_t)> value;  ///< JSON texts
  };
  using Grid = std::vector<Axis>;
  /// A thousand cells or fewer, evenly spread.
  std::vector<Cell> some_cells() const;

  std::filesystem::path folder_;
  std::vector<Grid> grids_;
  std::vector<std::uint64_t> sizes_;
  std::uint64_t size_ = 0;
};

}  // namespace initlaw
