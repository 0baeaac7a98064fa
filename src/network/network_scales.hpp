#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "initlaw/input.hpp"
#include "initlaw/network.hpp"

namespace initlaw {

/// The scales of one residual layer, divided by their root sum of squares r. Where branches are normalized, a branch
/// that does not grow with z counts by its share of it: r^2 = alpha^2 + lambda^2/q, q the mean square of z before the
/// layer at infinite width.
struct LayerScale {
  double log_r2;     ///< ln r^2 = ln(alpha^2 + lambda^2)
  double a;          ///< alpha/r
  double sqrt_t;     ///< lambda/r, so that a^2 + t = 1
  double log_abs_a;  ///< ln|a|, -infinity if alpha = 0

  double t() const { return sqrt_t * sqrt_t; }
};

/// Layer l = 1..d of a network without normalization. Each field is accurate to rounding; |a| near 1 loses nothing in
/// log_abs_a.
LayerScale layer_scale(const Network& network, std::size_t l);

/// The growth G = ln(||z||^2/n) - log_input of what the output layer reads, of which z_d has grown by G: a final
/// normalization makes its mean square 1.
inline double output_growth(const Network& network, double log_input, double G) {
  return network.architecture().norm == Normalization::kFinal ? -log_input : G;
}

/// True if a network can be frozen: with all ReLUs off, which no sign turns on again, it shrinks by alpha a layer, and
/// its branches pass nothing.
inline bool can_freeze(const Network& network) {
  const Architecture& architecture = network.architecture();
  return network.flip() == 0 && network.leak() == 0 && architecture.branch == Branch::kActivationFirst &&
         architecture.activation == Activation::kLeakyRelu;
}

/// True if a share of networks that counts is frozen in the end: each layer takes the chance 2^-n.
inline bool often_freezes(const Network& network) {
  constexpr double kSeldom = 0.01;
  const double chance = std::exp2(-static_cast<double>(network.width(0)));
  return can_freeze(network) && static_cast<double>(network.depth()) * chance > kSeldom;
}

/// The neurons of all layers z_0, ..., z_d.
double neurons(const Network& network);

/// The scales of all layers, computed once, and what they add up to. Memory: 8 bytes a layer, and 40 more unless alpha
/// and lambda are constant. Throws std::invalid_argument if this machine has not so much, or if the input's length is
/// not the network's. The input matters to networks with normalization alone.
class NetworkScales {
 public:
  explicit NetworkScales(const Network& network, const Input& input = {});

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
