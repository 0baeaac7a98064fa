#pragma once

#include <string>

namespace initlaw {

/// The command with its arguments, quoted so that a shell reads them as they were.
std::string command_line(int argc, const char* const* argv);

}  // namespace initlaw
