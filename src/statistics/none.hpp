#pragma once

#include <limits>

namespace initlaw {

/// What does not exist, as too few numbers do not tell it or no formula has it.
inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace initlaw
