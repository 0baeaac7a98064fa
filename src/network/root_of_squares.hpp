#pragma once

#include <cmath>

namespace initlaw {

/// sqrt(x^2 + y^2), off by hardly more than half an ulp, without overflow. The same on all machines, as it takes
/// correctly rounded operations alone; std::hypot's last bit depends on the C library and on whether it fuses. Source:
/// Borges, "An improved algorithm for hypot(x, y)", ACM Transactions on Mathematical Software, 2020.
inline double root_of_squares(double x, double y) {
  x = std::abs(x);
  y = std::abs(y);
  double larger = x < y ? y : x;
  double smaller = x < y ? x : y;
  if (smaller <= larger * 0x1p-54) return larger + smaller;
  const int exponent = std::ilogb(larger);
  larger = std::ldexp(larger, -exponent);
  smaller = std::ldexp(smaller, -exponent);
  const double root = std::sqrt(larger * larger + smaller * smaller);
  // root^2 - x^2 - y^2, without cancellation.
  double excess = 0;
  if (root <= 2 * smaller) {
    const double over = root - smaller;
    excess = larger * (2 * over - larger) + (over - 2 * (larger - smaller)) * over;
  } else {
    const double over = root - larger;
    excess = 2 * over * (larger - 2 * smaller) + ((4 * over - smaller) * smaller + over * over);
  }
  return std::ldexp(root - excess / (2 * root), exponent);
}

}  // namespace initlaw
