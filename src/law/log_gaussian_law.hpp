#pragma once

#include "law/log_chi_square.hpp"
#include "law/log_norm_law.hpp"

namespace initlaw {

/// X = L + ln chi^2_k with L ~ N(mean, variance): the convolution of a normal density with that of LogChiSquare, by the
/// trapezoidal rule, which converges exponentially for such integrands.
class LogGaussianLaw final : public LogNormLaw {
 public:
  LogGaussianLaw(double mean, double variance, std::size_t outputs);

  double pdf(double x) const override;
  double cdf(double x) const override;
  double survival(double x) const override;
  double mean() const override { return mean_ + chi_square_.mean(); }
  double variance() const override { return sigma_ * sigma_ + chi_square_.variance(); }
  std::size_t outputs() const override { return outputs_; }
  double dead_probability() const override { return 0; }
  double smallest_tail() const override { return 0; }
  double log_scale_moment(double s) const override { return s * mean_ + s * s * sigma_ * sigma_ / 2; }
  std::unique_ptr<const LogNormLaw> with_outputs(std::size_t outputs) const override;
  double sample_scale(std::mt19937_64& generator) const override;

 private:
  /// Where the density's integrand at mean + y has its mode, and how wide it is.
  struct Peak {
    double mode;
    double width;
  };
  Peak density_peak(double y) const;
  /// P(X <= x) for sign = -1, P(X > x) for sign = 1; the last argument is the same of chi_square_.
  double tail(double x, double sign, double (LogChiSquare::*chi_square_tail)(double) const) const;

  double mean_;
  double sigma_;
  std::size_t outputs_;
  LogChiSquare chi_square_;
};

}  // namespace initlaw
