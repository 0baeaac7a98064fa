#include "cli/command_line.hpp"

namespace initlaw {
std::string shell_quoted(const std::string& text) {
  constexpr const char* kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./=+,:@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string quoted(1, '\'');
  for (const char c : text) {
    if (c == '\'') {
      quoted.append("'\\''");
    } else {
      quoted.push_back(c);
    }
  }
  quoted.push_back('\'');
  return quoted;
}

std::string command_line(int argc, const char* const* argv) {
  std::string line = "initlaw";
  for (int i = 1; i < argc; ++i) line.append(" ").append(shell_quoted(argv[i]));
  return line;
}

}  // namespace initlaw
