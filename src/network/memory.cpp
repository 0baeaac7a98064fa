#include "network/memory.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <stdexcept>

namespace initlaw {

void require_memory(const std::string& what, double bytes) {
  const double available = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  if (bytes > available) {
    throw std::invalid_argument(fmt::format("{} would take {:.3g} GB of memory; this machine has {:.3g} GB", what,
                                            bytes / 1e9, available / 1e9));
  }
}

}  // namespace initlaw
