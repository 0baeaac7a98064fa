#pragma once

#include <string>

namespace initlaw {

/// What gnuplot prints for a script, whatever the user's own settings are. It takes neither a shell nor a file. Throws
/// std::runtime_error if gnuplot cannot be run or fails.
std::string gnuplot(const std::string& script);

}  // namespace initlaw
