#pragma once

#include <string>

namespace initlaw {

/// Throws std::invalid_argument naming `what`, what it takes and how much too much that is if it takes more bytes of memory than this machine
/// has, or than this process may have.
void require_memory(const std::string& what, double bytes);

}  // namespace initlaw
