#pragma once

#include <complex>
#include <memory>
#include <random>
#include <vector>

#include "law/active_neurons.hpp"
#include "law/log_chi_square.hpp"
#include "law/log_norm_law.hpp"

namespace initlaw {

/// What one layer adds to the log-norm, whatever the layers before it were, given that it is alive: X_l.
class LayerLaw {
 public:
  virtual ~LayerLaw() = default;
  /// ln E e^{s X_l}, for Re s > -smallest_degrees()/2.
  virtual std::complex<double> log_transform(std::complex<double> s) const = 0;
  virtual double mean() const = 0;
  virtual double variance() const = 0;
  virtual double smallest_degrees() const = 0;
  /// ln of the probability that the layer is alive.
  virtual double log_alive() const = 0;
  virtual double sample(std::mt19937_64& generator) const = 0;
};

/// ln E(chi^2_k/k)^s.
std::complex<double> log_mean_chi_square_transform(double k, std::complex<double> s);

/// ln(2C/n) where C ~ chi^2 with N degrees of freedom, N ~ Binomial(n, 1/2) given N >= 1: what one ReLU layer of width
/// n adds.
class ReluLayerLaw final : public LayerLaw {
 public:
  explicit ReluLayerLaw(std::size_t width);

  std::complex<double> log_transform(std::complex<double> s) const override;
  double mean() const override;
  double variance() const override;
  double smallest_degrees() const override { return nodes_.front().count; }
  double log_alive() const override;
  double sample(std::mt19937_64& generator) const override;

 private:
  std::size_t width_;
  std::vector<ActiveNeurons> nodes_;
};

/// The exact law of a network whose layers are independent of each other:
///
///     X = log_scale + sum_l X_l + ln(chi^2_n/n) + ln chi^2_k,
///
/// all terms independent (docs/theory.md, "The exact law of the fully connected net"). The density and the tails are
/// Fourier integrals of the transform E e^{sX} along a line Re s = theta, taken by the midpoint rule; of a few prepared
/// lines the one near x's saddle point is used, which keeps the relative error small in the tails.
class IndependentLayersLaw final : public LogNormLaw {
 public:
  /// Layers of one law.
  struct Layers {
    std::shared_ptr<const LayerLaw> law;
    double count;
  };
  /// n is `normals`; 0 if that term is missing.
  IndependentLayersLaw(double log_scale, std::vector<Layers> layers, std::size_t normals, std::size_t outputs);

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
  std::size_t normals_;
  std::size_t outputs_;
  LogChiSquare chi_square_;
  std::vector<Line> lines_;
};

}  // namespace initlaw
