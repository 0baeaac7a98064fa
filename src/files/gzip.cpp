#include "files/gzip.hpp"

#include <stdexcept>

#include "files/starts_with.hpp"

namespace initlaw {
namespace {

constexpr std::string_view kGzipMagic = "\x1f\x8b";

}  // namespace

bool is_gzip(std::istream& bytes) { return starts_with(bytes, kGzipMagic); }

Gunzip::Gunzip(std::istream& compressed) : compressed_(compressed) {
  constexpr int kGzipOnly = 16;
  if (inflateInit2(&stream_, kGzipOnly + MAX_WBITS) != Z_OK) throw std::runtime_error("zlib could not be started");
}

bool Gunzip::refill() {
  if (stream_.avail_in > 0) return true;
  compressed_.read(in_.data(), static_cast<std::streamsize>(in_.size()));
  stream_.next_in = reinterpret_cast<Bytef*>(in_.data());
  stream_.avail_in = static_cast<uInt>(compressed_.gcount());
  return stream_.avail_in > 0;
}

void Gunzip::inflate_some() {
  if (!within_member_) {
    if (*stream_.next_in != static_cast<Bytef>(kGzipMagic[0]))
      throw std::invalid_argument("other bytes follow the gzip data");
    inflateReset(&stream_);
    within_member_ = true;
  }
  const int status = inflate(&stream_, Z_NO_FLUSH);
  if (status != Z_OK && status != Z_STREAM_END) throw std::invalid_argument("the gzip data are corrupt");
  within_member_ = status != Z_STREAM_END;
}

Gunzip::int_type Gunzip::underflow() {
  stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
  stream_.avail_out = static_cast<uInt>(out_.size());
  while (stream_.avail_out > 0 && refill()) inflate_some();
  if (stream_.avail_out > 0 && within_member_) {
    throw std::invalid_argument("the gzip data end too early; the file is truncated");
  }
  setg(out_.data(), out_.data(), out_.data() + (out_.size() - stream_.avail_out));
  return gptr() == egptr() ? traits_type::eof() : traits_type::to_int_type(*gptr());
}

}  // namespace initlaw
