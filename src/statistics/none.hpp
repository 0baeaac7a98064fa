#pragma once

#include <limits>

namespace initlaw {

/// What too few numbers do not tell.
inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace initlaw
