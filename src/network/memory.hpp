#pragma once

#include <string>

namespace initlaw {

/// Throws std::invalid_argument naming `what` and both amounts if it takes more bytes of memory than this machine
/// has, or than this process may have.
void require_memory(const std::string& what, double bytes);

}  // namespace initlaw
