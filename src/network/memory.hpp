#pragma once

#include <string>

namespace initlaw {

/// Throws std::invalid_argument naming `what` and both amounts if it takes more bytes than this machine has memory.
void require_memory(const std::string& what, double bytes);

}  // namespace initlaw
