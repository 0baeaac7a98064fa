#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/network.hpp"

namespace INITLAW_API initlaw {

/// The input x of a network. At initialization the law of the output depends on it through ||x|| alone.
class Input {
 public:
  /// A vector of norm 1, of whatever length the network has: x = (1, ..., 1)/sqrt(n_in).
  Input() = default;
  /// Throws std::invalid_argument unless the values are finite and at least one differs from 0.
  explicit Input(std::vector<double> values);

  /// The n_in components of x. Throws std::invalid_argument if the network's `inputs` is another number.
  std::vector<double> values(const Network& network) const;
  /// ln(||x||^2 / n_in). Throws as values() does.
  double log_mean_square(const Network& network) const;
  /// Number of components, or 0 for the default input, which has any.
  std::size_t size() const { return values_.size(); }

  bool operator==(const Input&) const = default;

 private:
  std::vector<double> values_;
};

/// Row `row` (from 0) of a table of numbers, one input a row.
///
/// The file is CSV (an optional header line; blank lines skipped), NumPy's .npy (one or two dimensions, integer or
/// floating-point, little-endian), or either of them compressed by gzip; its content tells, not its name. Throws
/// std::invalid_argument with the file's name, the line where there is one, and what would be right: if it is missing,
/// empty, truncated, ragged, not numeric or corrupt anywhere, has no such row, or if the row is not a valid Input.
/// Cost: one pass over the file; memory for that row alone.
Input read_input(const std::filesystem::path& file, std::size_t row = 0);

/// Several rows of such a file, which may be 0. Throws as read_input does. Cost: as there; memory for these
/// rows.
std::vector<std::vector<double>> read_rows(const std::filesystem::path& file, const std::vector<std::size_t>& rows);

}  // namespace initlaw
