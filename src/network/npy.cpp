#include <fmt/core.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <regex>
#include <stdexcept>
#include <string>

#include "network/number_table.hpp"

namespace initlaw {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie in memory");

constexpr std::string_view kMagic = "\x93NUMPY";
// NumPy writes about 100 bytes. Regular expressions recurse over the header, so a huge one would exhaust the stack.
constexpr std::size_t kLongestHeader = 4096;

template <typename Number>
Number read(std::string_view bytes, std::size_t offset) {
  Number number;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

template <typename Number>
double read_as_double(std::string_view bytes, std::size_t index) {
  return static_cast<double>(read<Number>(bytes, index * sizeof(Number)));
}

/// The type of an array's elements: their size in bytes, and how to read one.
struct ElementType {
  std::size_t size;
  double (*read)(std::string_view bytes, std::size_t index);
};

ElementType element_type(const std::string& description) {
  if (description == "<f8") return {8, read_as_double<double>};
  if (description == "<f4") return {4, read_as_double<float>};
  if (description == "<i8") return {8, read_as_double<std::int64_t>};
  if (description == "<i4") return {4, read_as_double<std::int32_t>};
  if (description == "<i2") return {2, read_as_double<std::int16_t>};
  if (description == "|i1") return {1, read_as_double<std::int8_t>};
  if (description == "<u8") return {8, read_as_double<std::uint64_t>};
  if (description == "<u4") return {4, read_as_double<std::uint32_t>};
  if (description == "<u2") return {2, read_as_double<std::uint16_t>};
  if (description == "|u1") return {1, read_as_double<std::uint8_t>};
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

}  // namespace

bool is_npy(std::string_view bytes) { return bytes.starts_with(kMagic); }

NumberTable parse_npy(std::string_view bytes) {
  constexpr std::string_view kTruncated = "the NumPy data end too early; the file is truncated";
  if (bytes.size() < 12) throw std::invalid_argument(std::string(kTruncated));
  const auto version = static_cast<unsigned char>(bytes[6]);
  const std::size_t start = version == 1 ? 10 : 12;
  const std::size_t header_size = version == 1 ? read<std::uint16_t>(bytes, 8) : read<std::uint32_t>(bytes, 8);
  if (version < 1 || version > 3) throw std::invalid_argument(fmt::format("its NumPy format {} is unknown", version));
  if (header_size > kLongestHeader) throw std::invalid_argument("its NumPy header is corrupt");
  if (header_size > bytes.size() - start) throw std::invalid_argument(std::string(kTruncated));
  const Header header = parse_header(std::string(bytes.substr(start, header_size)));
  bytes.remove_prefix(start + header_size);

  const double expected =
      static_cast<double>(header.rows) * static_cast<double>(header.columns) * static_cast<double>(header.type.size);
  if (static_cast<double>(bytes.size()) < expected) throw std::invalid_argument(std::string(kTruncated));
  if (static_cast<double>(bytes.size()) > expected) throw std::invalid_argument("other bytes follow the NumPy data");

  NumberTable table;
  if (bytes.empty()) return table;
  table.columns = header.columns;
  for (std::size_t row = 0; row < header.rows; ++row) {
    for (std::size_t column = 0; column < header.columns; ++column) {
      const std::size_t index = header.column_major ? column * header.rows + row : row * header.columns + column;
      const double number = header.type.read(bytes, index);
      if (!std::isfinite(number)) {
        throw std::invalid_argument(fmt::format("row {}, column {} is {}; it must be finite", row, column, number));
      }
      table.numbers.push_back(number);
    }
  }
  return table;
}

}  // namespace initlaw
