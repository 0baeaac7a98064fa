#pragma once

#include <zlib.h>

#include <array>
#include <istream>
#include <streambuf>

namespace initlaw {

/// True if the bytes begin as a gzip file does.
bool is_gzip(std::istream& bytes);

/// The content of a gzip file, all of its members, a piece at a time. Reading throws std::invalid_argument where the
/// file is truncated or corrupt.
class Gunzip final : public std::streambuf {
 public:
  /// `compressed` must outlive it.
  explicit Gunzip(std::istream& compressed);
  ~Gunzip() override { inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

 private:
  int_type underflow() override;
  /// Decompresses what there is of the compressed bytes until the content's buffer is full or a member ends.
  void inflate_some();
  /// False at the end of the compressed bytes.
  bool refill();

  std::istream& compressed_;
  z_stream stream_{};
  bool within_member_ = true;
  std::array<char, 1 << 16> in_;
  std::array<char, 1 << 16> out_;
};

}  // namespace initlaw
