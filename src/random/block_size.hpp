#pragma once

#include <cstddef>

namespace initlaw {

/// Networks that advance together, and whose random numbers are drawn together: one in each lane of some vectors.
inline constexpr std::size_t kBlock = 16;

}  // namespace initlaw
