#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/store.hpp"

namespace initlaw {

/// What is wrong with a study, a line each: damage that SQLite sees, sums and results that cannot be read or
/// contradict their cell, and, of the `repeat` cheapest finished cells of this result version, results that a
/// new simulation does not give.
std::vector<std::string> verify(const Store& store, std::uint64_t repeat);

}  // namespace initlaw
