#pragma once

#include <string>

namespace initlaw {

/// The memory that this machine has, or that this process may have, if that is less.
double available_bytes();

/// Throws std::invalid_argument naming `what`, the bytes and how many are too many, if they are more than that.
void require_memory(const std::string& what, double bytes);

}  // namespace initlaw
