#include "network/memory.hpp"

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace initlaw {
namespace {

/// What the machine has, or what the process may take of it, if that is less.
double available_bytes() {
  const double machine = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return machine;
  return std::min(machine, static_cast<double>(limit.rlim_cur));
}

}  // namespace

void require_memory(const std::string& what, double bytes) {
  const double available = available_bytes();
  if (bytes > available) {
    throw std::invalid_argument(fmt::format("{} would take {:.3g} GB of memory, {:.3g} GB more than there are", what,
                                            bytes / 1e9, (bytes - available) / 1e9));
  }
}

}  // namespace initlaw
