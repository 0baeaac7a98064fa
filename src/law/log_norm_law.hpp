#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>

#include "initlaw/law.hpp"

namespace initlaw {

/// What each kind of Law provides: X = L + ln chi^2_k. See law.hpp for the meaning of each function.
class LogNormLaw {
 public:
  virtual ~LogNormLaw() = default;
  virtual double pdf(double x) const = 0;
  virtual double cdf(double x) const = 0;
  virtual double survival(double x) const = 0;
  virtual double mean() const = 0;
  virtual double variance() const = 0;
  virtual std::size_t outputs() const = 0;
  virtual double dead_probability() const = 0;
  /// The smallest tail probability that cdf and survival resolve.
  virtual double smallest_tail() const = 0;
  /// ln E[e^{sL}; the network is alive]; infinite where the expectation is.
  virtual double log_scale_moment(double s) const = 0;
  /// The same law of L with other degrees of freedom.
  virtual std::unique_ptr<const LogNormLaw> with_outputs(std::size_t outputs) const = 0;
  /// One draw of L.
  virtual double sample_scale(std::mt19937_64& generator) const = 0;
};

/// The law that a kind of law says: Law itself shows nothing of kinds.
Law make_law(std::shared_ptr<const LogNormLaw> law);

}  // namespace initlaw
