#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "network/number_table.hpp"

namespace initlaw {
namespace {

/// Cuts the text before the first `separator` off, and returns it.
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view head = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return head;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::optional<double> number(std::string_view field) {
  if (field.starts_with('+') && !field.starts_with("+-")) field.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> fields(std::string_view line) {
  std::vector<std::string_view> fields;
  bool more = true;
  while (more) {
    more = line.find(',') != std::string_view::npos;
    fields.push_back(trim(cut(line, ',')));
  }
  return fields;
}

/// No number among the fields, and not all of them look like one: "1e999" and "1;2" are mistakes, not names.
bool is_header(const std::vector<std::string_view>& fields) {
  bool named = false;
  for (const std::string_view field : fields) {
    if (field.empty() || number(field)) return false;
    named = named || std::string_view("+-.0123456789").find(field.front()) == std::string_view::npos;
  }
  return named;
}

double require_number(std::string_view field, std::size_t line, std::size_t column) {
  constexpr std::size_t kShown = 40;
  const auto value = number(field);
  if (value && std::isfinite(*value)) return *value;
  throw std::invalid_argument(
      fmt::format("line {}: column {} is {:?}; it must be a finite number", line, column, field.substr(0, kShown)));
}

}  // namespace

NumberTable parse_csv(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  NumberTable table;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::string_view content = trim(cut(text, '\n'));
    if (content.empty()) continue;
    const auto row = fields(content);
    if (table.columns == 0) {
      table.columns = row.size();
      if (is_header(row)) continue;
    }
    if (row.size() != table.columns) {
      throw std::invalid_argument(
          fmt::format("line {}: has {} columns, the lines before it {}", line, row.size(), table.columns));
    }
    table.lines.push_back(line);
    for (std::size_t i = 0; i < row.size(); ++i) table.numbers.push_back(require_number(row[i], line, i + 1));
  }
  return table;
}

}  // namespace initlaw
