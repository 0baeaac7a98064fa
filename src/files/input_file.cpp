#include <fmt/core.h>

#include <set>
#include <stdexcept>

#include "files/gzip.hpp"
#include "files/number_table.hpp"
#include "files/read_file.hpp"
#include "initlaw/input.hpp"

namespace initlaw {
namespace {

NumberTable parse_table(std::istream& bytes, const std::set<std::size_t>& rows) {
  return is_npy(bytes) ? parse_npy(bytes, rows) : parse_csv(bytes, rows);
}

NumberTable read_table(std::istream& bytes, const std::set<std::size_t>& rows) {
  if (!is_gzip(bytes)) return parse_table(bytes, rows);
  Gunzip gunzip(bytes);
  std::istream content(&gunzip);
  content.exceptions(std::ios::badbit);
  return parse_table(content, rows);
}

const NumberTable::Row& row_of(const NumberTable& table, std::size_t row) {
  if (table.rows == 0) throw std::invalid_argument("is empty; it must hold at least one row of numbers");
  const auto match = table.found.find(row);
  if (match != table.found.end()) return match->second;
  throw std::invalid_argument(
      fmt::format("row {} is out of range; it has {} rows, 0 to {}", row, table.rows, table.rows - 1));
}

}  // namespace

Input read_input(const std::filesystem::path& file, std::size_t row) {
  return read_file(file, [row](std::istream& bytes) {
    const auto [numbers, line] = row_of(read_table(bytes, {row}), row);
    try {
      return Input(numbers);
    } catch (const std::invalid_argument& error) {
      const auto place = line == 0 ? "" : fmt::format("line {}: ", line);
      throw std::invalid_argument(fmt::format("{}row {}: {}", place, row, error.what()));
    }
  });
}

std::vector<std::vector<double>> read_rows(const std::filesystem::path& file, const std::vector<std::size_t>& rows) {
  return read_file(file, [&rows](std::istream& bytes) {
    const NumberTable table = read_table(bytes, {rows.begin(), rows.end()});
    std::vector<std::vector<double>> values;
    values.reserve(rows.size());
    for (const std::size_t row : rows) values.push_back(row_of(table, row).numbers);
    return values;
  });
}

}  // namespace initlaw
