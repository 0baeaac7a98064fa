#include "network/memory.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace initlaw {

void require_memory(const std::string& what, double bytes) {
  const double available = available_bytes();
  if (bytes > available) {
    throw std::invalid_argument(fmt::format("{} would take {:.3g} GB of memory, {:.3g} GB more than there are", what,
                                            bytes / 1e9, (bytes - available) / 1e9));
  }
}

}  // namespace initlaw
