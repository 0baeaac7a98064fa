#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "initlaw/export.hpp"

namespace initlaw {
class LogNormLaw;
}

namespace INITLAW_API initlaw {

class OutputLaw;

/// The probability law of X = ln||z_out||^2 for a network that is alive (z_out != 0).
///
/// Every law here has the form X = L + ln chi^2 with n_out degrees of freedom: given the hidden layers, the outputs are
/// iid N(0, e^L), where L is the log-variance of one output. The laws differ in L. Values are immutable and cheap to
/// copy.
///
/// Accuracy: relative errors below 1e-10, for log-Gaussian laws wherever the result is above 1e-290, for the exact law
/// of the fully connected net wherever cdf and survival are above 1e-6. A call costs some 10 to 100 microseconds, a
/// quantile about ten times that.
class Law {
 public:
  /// L ~ N(mean, variance), `outputs` degrees of freedom. Throws std::invalid_argument unless mean and variance are
  /// finite, variance >= 0 and outputs >= 1.
  static Law log_gaussian(double mean, double variance, std::size_t outputs);

  /// These three throw std::invalid_argument if x is NaN.
  double pdf(double x) const;
  /// P(X <= x).
  double cdf(double x) const;
  /// P(X > x), accurate where cdf(x) is close to 1.
  double survival(double x) const;
  /// The x with cdf(x) = p; infinite for p = 0 and 1. Throws std::invalid_argument unless 0 <= p <= 1, and for an exact
  /// law if p or 1 - p is below 1e-14.
  double quantile(double p) const;
  /// The x with survival(x) = q, accurate for small q. Throws as quantile does.
  double inverse_survival(double q) const;
  /// Mean and variance of X.
  double mean() const;
  double variance() const;
  /// Number of outputs n_out.
  std::size_t outputs() const;
  /// P(z_out = 0), the probability that the network is dead; 0 except for exact laws.
  double dead_probability() const;
  /// ln(E||z_out||^2 / n_out), dead networks counted as 0.
  double log_second_moment() const;
  /// E||z_out||^2 / n_out, dead networks counted as 0; infinite where a double cannot hold it.
  double second_moment() const;
  /// ln(E z^4 / (3 (E z^2)^2)) for one component z of z_out, dead networks counted as 0: V for log-Gaussian laws.
  double log_kurtosis_ratio() const;
  /// The law of one component of z_out.
  OutputLaw output() const;
  /// `count` independent draws of X. They depend on the seed alone. Cost: O(count) for log-Gaussian laws, O(count
  /// depth) for the exact one.
  std::vector<double> sample(std::size_t count, std::uint64_t seed) const;

 private:
  friend class OutputLaw;
  friend Law make_law(std::shared_ptr<const LogNormLaw> law);
  explicit Law(std::shared_ptr<const LogNormLaw> law) : law_(std::move(law)) {}

  std::shared_ptr<const LogNormLaw> law_;
};

/// The probability law of one component z of z_out, of a network that is alive: symmetric around 0, z ~ N(0, e^L).
class OutputLaw {
 public:
  /// Infinite at z = 0 for the exact law, as a layer may have a single active neuron; in layers wider than 360 its
  /// probability n 2^-n is neglected, which is beyond the reach of a double.
  double pdf(double z) const;
  /// P(one component <= z), and P(one component > z).
  double cdf(double z) const;
  double survival(double z) const { return cdf(-z); }
  /// The z with cdf(z) = p. Throws as Law::quantile does, for an exact law also where |z| is smaller than 1e-14 of all.
  double quantile(double p) const;
  /// The z with survival(z) = q, accurate for small q. Throws as quantile does.
  double inverse_survival(double q) const { return -quantile(q); }
  /// 0, by symmetry.
  double mean() const { return 0; }
  /// `count` independent draws of z. They depend on the seed alone. Cost: as Law::sample.
  std::vector<double> sample(std::size_t count, std::uint64_t seed) const;
  /// E z^2, dead networks counted as 0; infinite where a double cannot hold it.
  double variance() const { return log_square_.second_moment(); }
  /// E z^4/(E z^2)^2 - 3, dead networks counted as 0; infinite where a double cannot hold it.
  double excess_kurtosis() const { return 3 * std::expm1(log_square_.log_kurtosis_ratio()); }
  /// The law of ln z^2.
  const Law& log_square() const { return log_square_; }

 private:
  friend class Law;
  OutputLaw(Law log_square, double density_at_zero)
      : log_square_(std::move(log_square)), density_at_zero_(density_at_zero) {}

  Law log_square_;
  double density_at_zero_;
};

}  // namespace initlaw
