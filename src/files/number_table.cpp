#include "files/number_table.hpp"

#include <fmt/core.h>

#include "network/memory.hpp"

namespace initlaw {

void append(std::vector<double>& row, double number, std::size_t kept) {
  if (row.size() == row.capacity()) {
    // To grow, a row is copied to one of twice its length.
    const double numbers = static_cast<double>(kept) + 3 * static_cast<double>(row.size());
    require_memory(fmt::format("rows of more than {} numbers", row.size()), numbers * sizeof(double));
  }
  row.push_back(number);
}

}  // namespace initlaw
