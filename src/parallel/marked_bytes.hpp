#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <cereal/archives/portable_binary.hpp>
#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "initlaw/version.hpp"

namespace initlaw {

/// "initlaw KIND RESULT_VERSION\n", with which bytes begin.
inline std::string mark_of(std::string_view kind) { return fmt::format("initlaw {} {}\n", kind, kResultVersion); }

/// The checksum of gzip and zlib.
inline std::uint32_t crc_32(std::string_view content) {
  boost::crc_32_type crc;
  crc.process_bytes(content.data(), content.size());
  return crc.checksum();
}

/// Bytes that say what they are and tell damage: a mark, a checksum of 8 hexadecimal digits, and what write(archive)
/// wrote. The same on every machine.
template <typename Write>
std::string to_marked_bytes(std::string_view kind, const Write& write) {
  std::ostringstream stream;
  {
    cereal::PortableBinaryOutputArchive archive(stream);
    write(archive);
  }
  const std::string content = std::move(stream).str();
  return fmt::format("{}{:08x}", mark_of(kind), crc_32(content)) + content;
}

/// What read(archive) makes of the content. Throws std::invalid_argument if the mark or the checksum is wrong.
template <typename Read>
auto from_marked_bytes(std::string_view kind, std::string_view bytes, const Read& read) {
  const std::string mark = mark_of(kind);
  if (!bytes.starts_with(mark)) {
    throw std::invalid_argument(fmt::format(
        "bytes: are of another kind, or of another result version; they must be an initlaw {}'s of version {}", kind,
        kResultVersion));
  }
  const std::string_view content = bytes.substr(std::min(mark.size() + 8, bytes.size()));
  if (bytes.substr(mark.size(), 8) != fmt::format("{:08x}", crc_32(content))) {
    throw std::invalid_argument("bytes: are damaged");
  }
  std::istringstream stream{std::string(content)};
  cereal::PortableBinaryInputArchive archive(stream);
  return read(archive);
}

}  // namespace initlaw
