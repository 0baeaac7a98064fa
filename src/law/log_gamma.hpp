#pragma once

namespace initlaw {

/// The law of W = ln(g/a), g ~ Gamma(a): density a^a/Gamma(a) e^{-a(e^w - w)}.
/// Relative accuracy near 1e-12 at every shape, to which adds that of w times |d ln f/dw|, which is large at large a.
class LogGamma {
 public:
  explicit LogGamma(double shape);

  double pdf(double w) const;
  double cdf(double w) const;
  double survival(double w) const;
  double shape() const { return a_; }

 private:
  double a_;
  double log_peak_;  ///< the logarithm of the density's maximum, at w = 0
};

}  // namespace initlaw
