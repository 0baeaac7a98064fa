#pragma once

#include "initlaw/finite_width.hpp"
#include "law/log_chi_square.hpp"
#include "law/log_norm_law.hpp"

namespace initlaw {

/// A variable U of mean 0, variance 1 and any skewness, of Pearson's type III: a shifted gamma variable, its mirror
/// image if the skewness is negative, and a normal one if it is 0. It is written in terms of a variable V without
/// bounds,
///
///     U = (e^{rho V} - 1)/rho,   rho = skewness/2,   rho V = ln(g/a),   g ~ Gamma(a),   a = 1/rho^2,
///
/// which tends to U = V ~ N(0, 1) as the skewness vanishes, and whose density is smooth and log-concave at any
/// skewness.
class StandardPearson {
 public:
  explicit StandardPearson(double skewness);

  double rho() const { return rho_; }
  /// U at V = v.
  double u(double v) const;
  /// dU/dV at V = v.
  double slope(double v) const;
  /// Density and tails of V.
  double pdf(double v) const;
  double cdf(double v) const;
  double survival(double v) const;
  /// ln E e^{sU}; infinite where the expectation is.
  double log_transform(double s) const;
  double sample(std::mt19937_64& generator) const;

 private:
  double rho_;
  LogGamma gamma_;
};

/// X = L + ln chi^2_k, where L has the first three of the given cumulants and is of Pearson's type III; so X is
/// log-Gaussian if the third is 0. Density and tails are integrals over StandardPearson's V by the trapezoidal rule,
/// which converges exponentially for such integrands.
class PearsonLaw final : public LogNormLaw {
 public:
  PearsonLaw(const LogNormCumulants& cumulants, std::size_t outputs);

  double pdf(double x) const override;
  double cdf(double x) const override;
  double survival(double x) const override;
  double mean() const override { return cumulants_.mean + chi_square_.mean(); }
  double variance() const override { return cumulants_.variance + chi_square_.variance(); }
  std::size_t outputs() const override { return outputs_; }
  double dead_probability() const override { return 0; }
  double smallest_tail() const override { return 0; }
  /// For s >= 0 the cumulants' own series, which is closer to the network than that of a shape with three cumulants;
  /// for s < 0 that of the shape, to which the density at 0 of one output belongs.
  double log_scale_moment(double s) const override;
  std::unique_ptr<const LogNormLaw> with_outputs(std::size_t outputs) const override;
  double sample_scale(std::mt19937_64& generator) const override;

 private:
  /// Where the density's integrand at mean + y has its mode, and how wide it is.
  struct Peak {
    double mode;
    double width;
  };
  Peak density_peak(double y) const;
  /// True if mean + y is so far above the end of L's range that ln chi^2 leads there from no L.
  bool is_out_of_reach(double y) const;
  /// The smaller tail of X at mean + y, from those of ln chi^2 and of V, either both lower or both upper. Where L has
  /// an end on the other side, `beyond` is the probability that ln chi^2 alone leads from there into the tail.
  double smaller_tail(double y, double (LogChiSquare::*chi_square_tail)(double) const,
                      double (StandardPearson::*pearson_tail)(double) const, double beyond) const;

  LogNormCumulants cumulants_;
  double sigma_;
  StandardPearson pearson_;
  std::size_t outputs_;
  LogChiSquare chi_square_;
};

}  // namespace initlaw
