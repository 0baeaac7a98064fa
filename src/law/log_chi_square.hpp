#pragma once

#include <cstddef>

namespace initlaw {

/// The law of Y = ln chi^2 with k degrees of freedom: density e^{ky/2 - e^y/2} / (2^{k/2} Gamma(k/2)).
/// Relative accuracy near 1e-12, to which adds that of y times |d ln f/dy|, which is large at large k.
class LogChiSquare {
 public:
  explicit LogChiSquare(std::size_t degrees_of_freedom);

  double pdf(double y) const;
  double cdf(double y) const;
  double survival(double y) const;
  double mean() const;
  double variance() const;
  /// k/2.
  double half_degrees() const { return a_; }

 private:
  /// ln(e^y/k).
  double log_ratio(double y) const;

  double a_;
  double log_peak_;  ///< the logarithm of the density's maximum, at e^y = k
};

}  // namespace initlaw
