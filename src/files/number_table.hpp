#pragma once

#include <cstddef>
#include <istream>
#include <map>
#include <set>
#include <vector>

namespace initlaw {

/// What was asked for of a table of numbers. All rows have the same length.
struct NumberTable {
  struct Row {
    std::vector<double> numbers;
    std::size_t line = 0;  ///< of the text; 0 if the table comes from none
  };
  std::size_t rows = 0;              ///< how many there are
  std::map<std::size_t, Row> found;  ///< those that were asked for and are there
};

/// The table in a CSV text: an optional header line, then rows of finite numbers between commas; blank lines are
/// skipped. Throws std::invalid_argument that begins with the number of the wrong line. Memory: that of the rows asked
/// for and of the longest row, which must not be more than the machine has.
NumberTable parse_csv(std::istream& text, const std::set<std::size_t>& rows);

/// True if the bytes begin as a NumPy file does.
bool is_npy(std::istream& bytes);

/// The table in a NumPy file (format versions 1 to 3) of one dimension, a single row, or two. Throws
/// std::invalid_argument unless it is whole and its numbers are finite, little-endian and not complex. Memory: that of
/// the rows asked for. Source: numpy.lib.format in NumPy's documentation.
NumberTable parse_npy(std::istream& bytes, const std::set<std::size_t>& rows);

/// Appends a number to a row, if memory has room for it beside `kept` numbers of others. Throws std::invalid_argument
/// otherwise.
void append(std::vector<double>& row, double number, std::size_t kept);

}  // namespace initlaw
