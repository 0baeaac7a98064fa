#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "initlaw/input.hpp"
#include "network/gzip.hpp"
#include "network/number_table.hpp"

namespace initlaw {
namespace {

std::string read_bytes(const std::filesystem::path& file) {
  std::error_code ignored;  // what cannot be examined cannot be opened either
  if (std::filesystem::is_directory(file, ignored)) throw std::invalid_argument("is a folder; it must be a file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::invalid_argument(fmt::format("cannot be read: {}", std::strerror(errno)));
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return std::move(bytes).str();
}

NumberTable read_table(const std::filesystem::path& file) {
  std::string bytes = read_bytes(file);
  if (is_gzip(bytes)) bytes = gunzip(bytes);
  return is_npy(bytes) ? parse_npy(bytes) : parse_csv(bytes);
}

std::vector<double> values_of(const NumberTable& table, std::size_t row) {
  if (table.rows() == 0) throw std::invalid_argument("is empty; it must hold at least one row of numbers");
  if (row >= table.rows()) {
    throw std::invalid_argument(
        fmt::format("row {} is out of range; it has {} rows, 0 to {}", row, table.rows(), table.rows() - 1));
  }
  const auto first = table.numbers.begin() + static_cast<std::ptrdiff_t>(row * table.columns);
  return {first, first + static_cast<std::ptrdiff_t>(table.columns)};
}

Input row_of(const NumberTable& table, std::size_t row) {
  std::vector<double> values = values_of(table, row);
  try {
    return Input(std::move(values));
  } catch (const std::invalid_argument& error) {
    const auto line = table.lines.empty() ? "" : fmt::format("line {}: ", table.lines[row]);
    throw std::invalid_argument(fmt::format("{}row {}: {}", line, row, error.what()));
  }
}

}  // namespace

Input read_input(const std::filesystem::path& file, std::size_t row) {
  try {
    return row_of(read_table(file), row);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", file.string(), error.what()));
  }
}

std::vector<std::vector<double>> read_rows(const std::filesystem::path& file, const std::vector<std::size_t>& rows) {
  try {
    const NumberTable table = read_table(file);
    std::vector<std::vector<double>> values;
    values.reserve(rows.size());
    for (const std::size_t row : rows) values.push_back(values_of(table, row));
    return values;
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", file.string(), error.what()));
  }
}

}  // namespace initlaw
