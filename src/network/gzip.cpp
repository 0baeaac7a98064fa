#include "network/gzip.hpp"

#include <zlib.h>

#include <array>
#include <limits>
#include <stdexcept>

namespace initlaw {
namespace {

class Inflater {
 public:
  Inflater() {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, kGzipOnly + MAX_WBITS) != Z_OK) throw std::runtime_error("zlib could not be started");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Appends the member that `bytes` begins with to `content`, and returns what follows it.
  std::string_view member(std::string_view bytes, std::string& content) {
    inflateReset(&stream_);
    // zlib's interface lacks a const that its implementation keeps.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT
    stream_.avail_in = static_cast<uInt>(bytes.size());
    std::array<char, 1 << 16> buffer;
    for (int status = Z_OK; status != Z_STREAM_END;) {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = static_cast<uInt>(buffer.size());
      status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_BUF_ERROR) throw std::invalid_argument("the gzip data end too early; the file is truncated");
      if (status != Z_OK && status != Z_STREAM_END) throw std::invalid_argument("the gzip data are corrupt");
      content.append(buffer.data(), buffer.size() - stream_.avail_out);
    }
    return bytes.substr(bytes.size() - stream_.avail_in);
  }

 private:
  z_stream stream_{};
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::string gunzip(std::string_view bytes) {
  if (bytes.size() > std::numeric_limits<uInt>::max()) throw std::invalid_argument("gzip files are read up to 4 GB");
  Inflater inflater;
  std::string content;
  while (!bytes.empty()) {
    if (!is_gzip(bytes)) throw std::invalid_argument("other bytes follow the gzip data");
    bytes = inflater.member(bytes, content);
  }
  return content;
}

}  // namespace initlaw
