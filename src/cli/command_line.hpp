#pragma once

#include <string>

namespace initlaw {

/// The text, quoted if a shell would read it otherwise.
std::string shell_quoted(const std::string& text);

/// The command with its arguments, quoted so that a shell reads them as they were.
std::string command_line(int argc, const char* const* argv);

}  // namespace initlaw
