#pragma once

#include <limits>

namespace initlaw::support {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace initlaw::support
