#pragma once

#include "initlaw/network.hpp"

namespace initlaw {

/// The activation phi of a network, scaled to E phi(g)^2 = 1 for a standard normal g. Positively homogeneous ones then
/// have phi(x)^2 + phi(-x)^2 = 2 x^2.
class ScaledActivation {
 public:
  explicit ScaledActivation(const Network& network);

  bool is_homogeneous() const { return kind_ == Activation::kLeakyRelu; }
  template <typename Real>
  Real operator()(Real x) const {
    return is_homogeneous() ? slope(x) * x : static_cast<Real>(scale_ * unscaled(x));
  }
  /// phi'(x), and at the kink the negative side's slope: for ReLU phi'(0) = 0.
  template <typename Real>
  Real slope(Real x) const {
    if (is_homogeneous()) return static_cast<Real>(x > 0 ? positive_ : negative_);
    return static_cast<Real>(scale_ * unscaled_slope(x));
  }
  /// The factor of what is not homogeneous.
  double scale() const { return scale_; }

 private:
  double unscaled(double x) const;
  double unscaled_slope(double x) const;

  Activation kind_;
  double positive_;
  double negative_;
  double scale_ = 1;
};

}  // namespace initlaw
