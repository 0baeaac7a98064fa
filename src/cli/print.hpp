#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <string>
#include <utility>

namespace initlaw {

/// Prints to standard output or standard error. A failure shows in the stream alone: in the end main() asks standard
/// output, and that messages are lost must not make a failure of what has succeeded.
template <typename... Arguments>
void print(std::FILE* stream, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  const std::string text = fmt::format(format, std::forward<Arguments>(arguments)...);
  std::fwrite(text.data(), 1, text.size(), stream);
}

}  // namespace initlaw
