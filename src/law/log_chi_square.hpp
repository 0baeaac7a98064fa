#pragma once

#include <cstddef>

#include "law/log_gamma.hpp"

namespace initlaw {

/// The law of Y = ln chi^2 with k degrees of freedom: density e^{ky/2 - e^y/2} / (2^{k/2} Gamma(k/2)).
/// Accuracy: as LogGamma.
class LogChiSquare {
 public:
  explicit LogChiSquare(std::size_t degrees_of_freedom);

  double pdf(double y) const { return gamma_.pdf(y - log_degrees_); }
  double cdf(double y) const { return gamma_.cdf(y - log_degrees_); }
  double survival(double y) const { return gamma_.survival(y - log_degrees_); }
  double mean() const;
  double variance() const;
  double third_cumulant() const;
  /// k/2.
  double half_degrees() const { return gamma_.shape(); }
  /// ln k, where the density is largest.
  double mode() const { return log_degrees_; }

 private:
  LogGamma gamma_;
  double log_degrees_;
};

}  // namespace initlaw
