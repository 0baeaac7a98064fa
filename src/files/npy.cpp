#include <fmt/core.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <regex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "files/number_table.hpp"
#include "files/starts_with.hpp"

namespace initlaw {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie in memory");

constexpr std::string_view kNpyMagic = "\x93NUMPY";
// NumPy writes about 100 bytes. Regular expressions recurse over the header, so a huge one would exhaust the stack.
constexpr std::size_t kLongestHeader = 4096;

template <typename Number>
Number number_of(const char* bytes) {
  Number number;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

template <typename Number>
double double_of(const char* bytes) {
  return static_cast<double>(number_of<Number>(bytes));
}

/// The type of an array's elements: their size in bytes, and how to read one.
struct ElementType {
  std::size_t size;
  double (*double_of)(const char* bytes);
};

ElementType element_type(const std::string& description) {
  if (description == "<f8") return {8, double_of<double>};
  if (description == "<f4") return {4, double_of<float>};
  if (description == "<i8") return {8, double_of<std::int64_t>};
  if (description == "<i4") return {4, double_of<std::int32_t>};
  if (description == "<i2") return {2, double_of<std::int16_t>};
  if (description == "|i1") return {1, double_of<std::int8_t>};
  if (description == "<u8") return {8, double_of<std::uint64_t>};
  if (description == "<u4") return {4, double_of<std::uint32_t>};
  if (description == "<u2") return {2, double_of<std::uint16_t>};
  if (description == "|u1") return {1, double_of<std::uint8_t>};
  throw std::invalid_argument(
      fmt::format("its numbers are of NumPy's type {:?}; they must be little-endian integers or floats of 4 or 8 bytes",
                  description));
}

struct Header {
  ElementType type;
  bool column_major;
  std::size_t rows;
  std::size_t columns;
};

std::size_t parse_length(const std::string& text) {
  std::size_t length = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), length).ec != std::errc()) {
    throw std::invalid_argument("its NumPy header names an absurd length " + text);
  }
  return length;
}

Header parse_header(const std::string& text) {
  std::smatch type;
  std::smatch order;
  std::smatch shape;
  if (!std::regex_search(text, type, std::regex(R"('descr'\s*:\s*'([^']*)')")) ||
      !std::regex_search(text, order, std::regex(R"('fortran_order'\s*:\s*(True|False))")) ||
      !std::regex_search(text, shape, std::regex(R"('shape'\s*:\s*\(([-\d, ]*)\))"))) {
    throw std::invalid_argument("its NumPy header is corrupt");
  }
  const std::string lengths = shape[1];
  std::smatch length;
  if (std::regex_match(lengths, length, std::regex(R"(\s*(\d+)\s*,\s*)"))) {
    return {element_type(type[1]), false, 1, parse_length(length[1])};
  }
  if (std::regex_match(lengths, length, std::regex(R"(\s*(\d+)\s*,\s*(\d+)\s*,?\s*)"))) {
    return {element_type(type[1]), order[1] == "True", parse_length(length[1]), parse_length(length[2])};
  }
  throw std::invalid_argument(fmt::format("its shape is ({}); it must have one or two dimensions", lengths));
}

/// Throws std::invalid_argument if there are no more so many bytes.
template <std::size_t kMost>
std::string_view take(std::istream& bytes, std::size_t count, std::array<char, kMost>& place) {
  const std::streamsize taken = bytes.rdbuf()->sgetn(place.data(), static_cast<std::streamsize>(count));
  if (static_cast<std::size_t>(taken) == count) return {place.data(), count};
  throw std::invalid_argument("the NumPy data end too early; the file is truncated");
}

Header read_header(std::istream& bytes) {
  std::array<char, kLongestHeader> place;
  const auto version = static_cast<unsigned char>(take(bytes, kNpyMagic.size() + 2, place)[kNpyMagic.size()]);
  if (version < 1 || version > 3) throw std::invalid_argument(fmt::format("its NumPy format {} is unknown", version));
  const std::size_t size = version == 1 ? number_of<std::uint16_t>(take(bytes, 2, place).data())
                                        : number_of<std::uint32_t>(take(bytes, 4, place).data());
  if (size > kLongestHeader) throw std::invalid_argument("its NumPy header is corrupt");
  return parse_header(std::string(take(bytes, size, place)));
}

}  // namespace

bool is_npy(std::istream& bytes) { return starts_with(bytes, kNpyMagic); }

NumberTable parse_npy(std::istream& bytes, const std::set<std::size_t>& rows) {
  const Header header = read_header(bytes);
  NumberTable table{.rows = header.columns == 0 ? 0 : header.rows, .found = {}};
  std::array<char, sizeof(double)> place;
  std::size_t kept = 0;
  const std::size_t outer = header.column_major ? header.columns : header.rows;
  const std::size_t inner = header.column_major ? header.rows : header.columns;
  for (std::size_t i = 0; inner > 0 && i < outer; ++i) {
    for (std::size_t j = 0; j < inner; ++j) {
      const auto [row, column] = header.column_major ? std::pair(j, i) : std::pair(i, j);
      const double number = header.type.double_of(take(bytes, header.type.size, place).data());
      if (!std::isfinite(number)) {
        throw std::invalid_argument(fmt::format("row {}, column {} is {}; it must be finite", row, column, number));
      }
      if (rows.contains(row)) append(table.found[row].numbers, number, kept++);
    }
  }
  if (bytes.rdbuf()->sgetc() != std::istream::traits_type::eof())
    throw std::invalid_argument("other bytes follow the NumPy data");
  return table;
}

}  // namespace initlaw
