#pragma once

#include <string>

namespace initlaw {

/// Throws std::invalid_argument naming `what`, the bytes and how many are too many, if they are more than the memory
/// that this machine has, or that this process may have.
void require_memory(const std::string& what, double bytes);

}  // namespace initlaw
