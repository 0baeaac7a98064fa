#pragma once

#include <cmath>
#include <numbers>

namespace initlaw {

/// The correlation rho of two Gaussian pre-activations, kept with sqrt(1 - rho^2) so that neither loses digits near
/// |rho| = 1, and with arcsin rho, which takes longer than what is made of it.
struct Correlation {
  double rho;
  double complement;  ///< sqrt(1 - rho^2)
  double arcsin;

  Correlation(double cosine, double sine) : rho(cosine), complement(sine), arcsin(arcsin_of(cosine, sine)) {}

 private:
  /// In a third of the time of atan2(rho, complement).
  static double arcsin_of(double rho, double complement) {
    if (std::abs(rho) < complement) return std::asin(rho);
    return std::copysign(std::numbers::pi / 2 - std::asin(complement), rho);
  }
};

/// K(rho) = E f(X) f(Y), f(x) = x|x|, for standard normal X, Y of correlation rho. K(1) = 3.
inline double activation_covariance(const Correlation& c) {
  return 2 / std::numbers::pi * (3 * c.rho * c.complement + (1 + 2 * c.rho * c.rho) * c.arcsin);
}

/// K'(rho) = 4 E |X| |Y|.
inline double activation_covariance_derivative(const Correlation& c) {
  return 8 / std::numbers::pi * (c.complement + c.rho * c.arcsin);
}

}  // namespace initlaw
