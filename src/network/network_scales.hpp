#pragma once

#include <cstddef>
#include <vector>

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

/// The neurons of all layers z_0, ..., z_d.
double neurons(const Network& network);

/// The scales of all layers, computed once, and what they add up to. Memory: 8 bytes a layer, and 40 more unless alpha
/// and lambda are constant. Throws std::invalid_argument if this machine has not so much.
class NetworkScales {
 public:
  explicit NetworkScales(const Network& network);

  /// Layer l = 1..d.
  const LayerScale& layer(std::size_t l) const { return layers_.size() == 1 ? layers_[0] : layers_[l - 1]; }
  /// ln r_1^2 + ... + ln r_l^2, l = 0..d: how much ||z_l||^2 grows at infinite width.
  double log_growth(std::size_t l) const { return log_growth_[l]; }
  /// Over all layers.
  double log_growth() const { return log_growth_.back(); }

 private:
  std::vector<LayerScale> layers_;  ///< one, if they are alike
  std::vector<double> log_growth_;
};

}  // namespace initlaw
