#pragma once

#include <complex>
#include <vector>

#include "law/log_chi_square.hpp"
#include "law/log_norm_law.hpp"

namespace initlaw {

/// ln(2C/n) where C ~ chi^2 with N degrees of freedom, N ~ Binomial(n, 1/2) given N >= 1: what one ReLU layer of width
/// n adds to the log-norm, given that it is alive.
class ReluLayerLaw {
 public:
  explicit ReluLayerLaw(std::size_t width);

  /// ln E (2C/n)^s, for Re s > -smallest_degrees()/2.
  std::complex<double> log_transform(std::complex<double> s) const;
  double mean() const;
  double variance() const;
  std::size_t width() const { return width_; }
  double smallest_degrees() const { return nodes_.front().degrees; }
  double log_alive() const;

 private:
  struct Node {
    double degrees;
    double weight;
  };
  std::size_t width_;
  std::vector<Node> nodes_;
};

/// The exact law of a fully connected ReLU net:
///
///     X = log_scale + sum_{l=0}^{d-1} ln(2 C_l/n_l) + ln(chi^2_{n_d}/n_d) + ln chi^2_k,
///
/// all terms independent (docs/theory.md, "The exact law of the fully connected net"). The density and the tails are
/// Fourier integrals of the transform E e^{sX} along a line Re s = theta, taken by the midpoint rule; of a few prepared
/// lines the one near x's saddle point is used, which keeps the relative error small in the tails.
class FullyConnectedLaw final : public LogNormLaw {
 public:
  /// Hidden layers of one width.
  struct Layers {
    ReluLayerLaw law;
    double count;
  };
  FullyConnectedLaw(double log_scale, std::vector<Layers> layers, std::size_t last_width, std::size_t outputs);

  double pdf(double x) const override;
  double cdf(double x) const override;
  double survival(double x) const override;
  double mean() const override;
  double variance() const override;
  std::size_t outputs() const override { return outputs_; }
  double dead_probability() const override;
  double smallest_tail() const override { return 1e-14; }
  double log_scale_moment(double s) const override;
  std::unique_ptr<const LogNormLaw> with_outputs(std::size_t outputs) const override;
  double sample_scale(std::mt19937_64& generator) const override;

 private:
  /// The transform on the line Re s = theta, at s = theta + i (j + 1/2) step, divided by its value at theta.
  struct Line {
    double theta;
    double log_value;
    double step;
    std::vector<std::complex<double>> transform;
  };

  double log_alive() const;
  /// ln E e^{s(L - log_scale)} given that the network is alive.
  std::complex<double> log_scale_transform(std::complex<double> s) const;
  /// ln E e^{s(X - log_scale)} given that the network is alive.
  std::complex<double> log_transform(std::complex<double> s) const;
  double log_transform(double s) const { return log_transform(std::complex<double>(s)).real(); }
  Line prepare_line(double theta, double smallest_theta) const;
  /// The prepared line, of positive or of negative theta, on which the integrand at y is smallest.
  const Line& best_line(double y, bool positive) const;
  /// The survival function at y from a line of positive theta, the distribution function from one of negative theta.
  double tail(const Line& line, double y) const;

  double log_scale_;
  std::vector<Layers> layers_;
  std::size_t last_width_;
  std::size_t outputs_;
  LogChiSquare chi_square_;
  std::vector<Line> lines_;
};

}  // namespace initlaw
