#pragma once

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <new>
#include <stdexcept>
#include <string>

namespace initlaw {

/// What `read` makes of the stream of a file's bytes. Throws std::invalid_argument that begins with the file's name: if
/// the file cannot be read to its end, takes more memory than there is, or for what `read` finds wrong with it.
template <typename Read>
auto read_file(const std::filesystem::path& file, const Read& read) {
  const auto complaint = [&](const std::string& what) {
    return std::invalid_argument(fmt::format("{}: {}", file.string(), what));
  };
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw complaint(fmt::format("cannot be read: {}", std::strerror(errno)));
  // A failed read must not pass for the file's end.
  stream.exceptions(std::ios::badbit);
  try {
    return read(stream);
  } catch (const std::ios_base::failure& error) {
    throw complaint("cannot be read: " + error.code().message());
  } catch (const std::bad_alloc&) {
    throw complaint("takes more memory than there is");
  } catch (const std::invalid_argument& error) {
    throw complaint(error.what());
  }
}

/// A text file's content. Throws as read_file(), and for a text too long for a document of it to fit into memory.
std::string read_text(const std::filesystem::path& file);

}  // namespace initlaw
