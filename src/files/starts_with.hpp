#pragma once

#include <istream>
#include <string_view>

namespace initlaw {

/// True if the stream goes on with `prefix`, a few bytes. Nothing is taken from the stream.
inline bool starts_with(std::istream& bytes, std::string_view prefix) {
  std::streambuf& buffer = *bytes.rdbuf();
  std::size_t matched = 0;
  while (matched < prefix.size() && buffer.sgetc() == std::char_traits<char>::to_int_type(prefix[matched])) {
    buffer.sbumpc();
    ++matched;
  }
  for (std::size_t i = 0; i < matched; ++i) buffer.sungetc();
  return matched == prefix.size();
}

}  // namespace initlaw
