#pragma once

#include <cmath>
#include <cstddef>

#include "initlaw/network.hpp"

namespace initlaw {

/// A vanilla ResNet with alpha^2 + lambda^2 = 1, as in the theory's tables.
inline Network resnet(double alpha2, std::size_t width, std::size_t depth, double leak = 0,
                      std::size_t branch_depth = 1) {
  return vanilla({.width = width,
                  .depth = depth,
                  .alpha = std::sqrt(alpha2),
                  .lambda = std::sqrt(1 - alpha2),
                  .leak = leak,
                  .branch_depth = branch_depth});
}

}  // namespace initlaw
