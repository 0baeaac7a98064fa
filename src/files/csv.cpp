#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>

#include "files/number_table.hpp"
#include "files/starts_with.hpp"

namespace initlaw {
namespace {

// What is longer is no number. Files of other kinds may go on without end.
constexpr std::size_t kLongestField = 4096;

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

/// False for what seems to be meant as a number: "1e999" and "1;2" are mistakes, not names.
bool is_name(std::string_view field) { return std::string_view("+-.0123456789").find(field.front()) == field.npos; }

/// Where a field is.
struct Place {
  std::size_t line;
  std::size_t column;
};

struct Field {
  std::string text;
  bool ends_line;
};

Field read_field(std::streambuf& text, const Place& place) {
  constexpr int kEnd = std::streambuf::traits_type::eof();
  std::string field;
  int next = 0;
  while ((next = text.sbumpc()) != ',' && next != '\n' && next != kEnd) {
    if (field.size() == kLongestField) {
      throw std::invalid_argument(fmt::format("line {}: column {} is longer than {} bytes; it must be a finite number",
                                              place.line, place.column, kLongestField));
    }
    field.push_back(std::streambuf::traits_type::to_char_type(next));
  }
  return {std::string(trim(field)), next != ','};
}

std::invalid_argument not_a_number(std::string_view field, const Place& place) {
  constexpr std::size_t kShown = 40;
  return std::invalid_argument(fmt::format("line {}: column {} is {:?}; it must be a finite number", place.line,
                                           place.column, field.substr(0, kShown)));
}

struct Line {
  std::size_t columns = 0;  ///< 0 if it is blank
  std::vector<double> numbers;
  bool is_header() const { return columns > 0 && numbers.empty(); }
};

/// A header has no number among its fields, and a name.
Line read_line(std::streambuf& text, std::size_t number_of_line, bool may_be_header, std::size_t kept) {
  Line line;
  std::string first_text;
  bool named = false;
  for (bool more = true; more;) {
    const Place place{number_of_line, line.columns + 1};
    const auto [field, ends_line] = read_field(text, place);
    more = !ends_line;
    if (ends_line && field.empty() && place.column == 1) return line;
    ++line.columns;
    const auto value = number(field);
    if (may_be_header && !value && !field.empty() && line.numbers.empty()) {
      if (place.column == 1) first_text = field;
      named = named || is_name(field);
      continue;
    }
    if (!first_text.empty()) throw not_a_number(first_text, {number_of_line, 1});
    if (!value || !std::isfinite(*value)) throw not_a_number(field, place);
    append(line.numbers, *value, kept);
  }
  if (line.is_header() && !named) throw not_a_number(first_text, {number_of_line, 1});
  return line;
}

}  // namespace

NumberTable parse_csv(std::istream& text, const std::set<std::size_t>& rows) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (starts_with(text, kByteOrderMark)) text.ignore(kByteOrderMark.size());
  std::streambuf& bytes = *text.rdbuf();
  NumberTable table;
  std::size_t columns = 0;
  for (std::size_t number = 1; bytes.sgetc() != std::streambuf::traits_type::eof(); ++number) {
    Line line = read_line(bytes, number, columns == 0, columns * table.found.size());
    if (line.columns == 0) continue;
    if (columns == 0) columns = line.columns;
    if (line.columns != columns) {
      throw std::invalid_argument(
          fmt::format("line {}: has {} columns, the lines before it {}", number, line.columns, columns));
    }
    if (line.is_header()) continue;
    if (rows.contains(table.rows)) table.found[table.rows] = {std::move(line.numbers), number};
    ++table.rows;
  }
  return table;
}

}  // namespace initlaw
