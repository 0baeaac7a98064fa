#pragma once

#include <cmath>
#include <stdexcept>

namespace initlaw {

/// x itself. Throws std::invalid_argument if it is NaN.
inline double require_number(double x) {
  if (std::isnan(x)) throw std::invalid_argument("x: nan is not a number");
  return x;
}

}  // namespace initlaw
