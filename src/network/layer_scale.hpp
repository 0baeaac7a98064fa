#pragma once

#include <cstddef>

#include "initlaw/network.hpp"

namespace initlaw {

/// The scales of one residual layer, divided by their root sum of squares r.
struct LayerScale {
  double log_r2;     ///< ln r^2 = ln(alpha^2 + lambda^2)
  double a;          ///< alpha/r
  double sqrt_t;     ///< lambda/r, so that a^2 + t = 1
  double log_abs_a;  ///< ln|a|, -infinity if alpha = 0

  double t() const { return sqrt_t * sqrt_t; }
};

/// Layer l = 1..d of a network. Each field is accurate to rounding; |a| near 1 loses nothing in log_abs_a.
LayerScale layer_scale(const Network& network, std::size_t l);

}  // namespace initlaw
