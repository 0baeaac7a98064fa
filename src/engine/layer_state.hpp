#pragma once

#include <cmath>
#include <limits>
#include <numbers>
#include <span>

#include "initlaw/network.hpp"
#include "network/root_of_squares.hpp"

namespace initlaw {

/// The norms of one layer's pre-activations z (times signs s), from which everything that is recorded follows.
struct LayerNorms {
  double square = 0;         ///< ||z||^2
  double signed_square = 0;  ///< sum_i s_i z_i |z_i|
  std::size_t active = 0;    ///< number of neurons with s_i z_i > 0

  template <typename Real>
  void add(Real signed_z) {
    const auto z = static_cast<double>(signed_z);
    const double z2 = z * z;
    square += z2;
    signed_square += std::copysign(z2, z);
    active += signed_z > 0 ? 1 : 0;
  }
  /// S = ||phi(s z)||^2/||z||^2 - 1 = b sum s z|z| / ||z||^2, since phi(x)^2 = x^2 (1 + b sgn x).
  double S(double asymmetry) const { return asymmetry * (signed_square / square); }
};

/// Pre-activations are kept within a factor of 2^30 of 1 by exact powers of two, whose logarithm is kept apart.
class LogScale {
 public:
  double value() const { return log_; }
  void add(double log_factor) { log_ += log_factor; }

  /// Rescales z if its norm, per neuron, has left the range; `norms` are then those of the new z. Returns the logarithm
  /// of the factor.
  template <typename Real>
  double keep_in_range(std::span<Real> z, LayerNorms& norms) {
    constexpr int kRange = 60;
    const int exponent = norms.square > 0 ? std::ilogb(norms.square / static_cast<double>(z.size())) : 0;
    if (std::abs(exponent) <= kRange) return 0;
    const int shift = exponent / 2;
    const double factor = std::ldexp(1.0, -shift);
    for (Real& component : z) component = static_cast<Real>(static_cast<double>(component) * factor);
    norms.square *= factor * factor;
    norms.signed_square *= factor * factor;
    log_ += 2 * shift * std::numbers::ln2;
    return -shift * std::numbers::ln2;
  }

 private:
  double log_ = 0;
};

}  // namespace initlaw
