#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace initlaw {

/// Rows of numbers, all of the same length.
struct NumberTable {
  std::size_t columns = 0;
  std::vector<double> numbers;     ///< row after row
  std::vector<std::size_t> lines;  ///< the line of each row in the text, if it comes from one

  std::size_t rows() const { return columns == 0 ? 0 : numbers.size() / columns; }
};

/// The table in a CSV text: an optional header line, then rows of finite numbers between commas; blank lines are
/// skipped. Throws std::invalid_argument that begins with the number of the wrong line.
NumberTable parse_csv(std::string_view text);

/// True if the bytes begin as a NumPy file does.
bool is_npy(std::string_view bytes);

/// The table in a NumPy file (format versions 1 to 3) of one dimension, a single row, or two. Throws
/// std::invalid_argument unless it is whole and its numbers are finite, little-endian and not complex.
/// Source: numpy.lib.format in NumPy's documentation.
NumberTable parse_npy(std::string_view bytes);

}  // namespace initlaw
