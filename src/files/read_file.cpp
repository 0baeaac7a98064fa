#include "files/read_file.hpp"

#include <array>

#include "network/memory.hpp"

namespace initlaw {

std::string read_text(const std::filesystem::path& file) {
  return read_file(file, [](std::istream& stream) {
    // What a parser makes of two characters, such as "1,", takes up to some 200 bytes.
    constexpr double kBytesEach = 100;
    std::string text;
    std::array<char, 1 << 16> piece;
    while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())), stream.gcount() > 0) {
      text.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
      const auto size = static_cast<double>(text.size());
      require_memory(fmt::format("a text of {:.3g} GB", size / 1e9), kBytesEach * size);
    }
    return text;
  });
}

}  // namespace initlaw
