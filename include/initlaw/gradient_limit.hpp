#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/names.hpp"
#include "initlaw/network.hpp"

namespace INITLAW_API initlaw {

/// Which output f = w . z_d/sqrt(n) a gradient is of, in hidden layers that are the same for both.
enum class OutputDirection {
  kRandom,  ///< of the first output; w ~ N(0, I)
  /// w ~ N(0, I) given that f = 0, so that it is orthogonal to z_d: the gradient on a decision boundary
  kOrthogonal,
};
template <>
inline constexpr auto kNames<OutputDirection> = std::to_array<Name<OutputDirection>>(
    {{OutputDirection::kRandom, "random"}, {OutputDirection::kOrthogonal, "orthogonal"}});

/// The probability law of X = ln||df/dz_0||^2 - ln||df/dz_d||^2 in the limit of infinite depth and width, for one
/// output f = w . z_d/sqrt(n). Values are immutable.
///
/// Accuracy, at any d/n and any scale: absolute errors below 1e-6 of cdf, of mean and pdf in units of the standard
/// deviation, of the correlation, and of the variance relative to itself; below 1e-8 of all but the correlation where
/// the variance of Y - E (below) is at most 0.01, or at most 20 in layers of equal rates. A call of pdf or cdf costs
/// some microseconds.
class GradientLaw {
 public:
  /// Mean and variance of X.
  double mean() const { return mean_; }
  double variance() const { return deviation_ * deviation_; }
  /// Of X and G = ln||z_d||^2 but for constants.
  double correlation_with_growth() const { return correlation_; }
  /// These two throw std::invalid_argument if x is NaN.
  double pdf(double x) const;
  /// P(X <= x).
  double cdf(double x) const;
  /// P(X > x) = 1 - cdf(x).
  double survival(double x) const { return 1 - cdf(x); }
  /// The x with cdf(x) = p; infinite for p = 0 and 1. Throws std::invalid_argument for another p unless 1e-6 <= p <= 1
  /// - 1e-6.
  double quantile(double p) const;
  /// The x with survival(x) = q. Throws as quantile does.
  double inverse_survival(double q) const { return quantile(1 - q); }
  /// `count` independent draws of X, exact as cdf is. They depend on the seed alone. Cost: 4096 calls of cdf, and
  /// O(count).
  std::vector<double> sample(std::size_t count, std::uint64_t seed) const;

 private:
  friend struct GradientLimit gradient_limit(const Network&, std::span<const struct GradientStep>);
  GradientLaw(double mean, double variance, double correlation, std::vector<std::complex<double>> transform);

  double mean_;
  double deviation_;
  double correlation_;
  std::vector<std::complex<double>> transform_;  ///< E e^{iq(X - mean)} at equidistant q
};

/// The limit of gradients. With d and n large, and C_l the rate at which the overlap of gradient and pre-activations
/// feeds back into the gradient's norm,
///
///     e^X = prod r_l^2 e^E (1 + theta integral C e^{Y - E}),      theta = (w . z_d)^2/||z_d||^2,
///
/// where (E, Y) are Brownian motions from the last layer to the first (docs/gradient-law.md).
struct GradientLimit {
  double log_scale;      ///< sum_l ln r_l^2
  double gradient_mean;  ///< of E over all layers, and so on
  double gradient_variance;
  double norm_mean;  ///< of Y, which is G but for log_scale and the input layer
  double norm_variance;
  double covariance;  ///< of E and Y
  double overlap;     ///< the sum of C_l
  /// For w ~ N(0, I), so that theta is the square of a normal; as OutputDirection::kRandom.
  GradientLaw random;
  /// For w orthogonal to z_d, so that theta = 0: log-Gaussian; as OutputDirection::kOrthogonal.
  GradientLaw orthogonal;
};

/// Cost: as log_gaussian_growth, and a second at d/n < 50, two at most. Throws std::invalid_argument if lambda_l = 0 in
/// all layers, if alpha changes sign such that a gradient's rates are negative altogether, or if this machine lacks the
/// memory for O(d). Source: docs/gradient-law.md.
GradientLimit gradient_limit(const Network& network);

/// The size of a gradient at one layer.
struct GradientNorm {
  std::size_t layer;  ///< l
  /// Mean and variance of ln||df/dz_l||^2.
  double mean;
  double variance;
};

/// The size of the gradient at each of `layers`, l <= d. From the last layer to layer l it grows as in GradientLimit by
/// the layers above l, which are hypoactive for what those below did; the last layer's, a chi-square with n or,
/// orthogonally, n - 1 degrees of freedom over n, is exact. Accuracy: as GradientLaw's. Cost: as log_gaussian_growth,
/// and for each layer some tens of milliseconds, if it is not orthogonal. Throws as gradient_limit does, for the layers
/// above each of `layers` but where lambda is 0 in all of them; and std::invalid_argument if a layer is larger than d,
/// or orthogonal to one neuron is asked for. Source: docs/gradient-law.md.
std::vector<GradientNorm> gradient_norms(const Network& network, OutputDirection direction,
                                         std::span<const std::size_t> layers);

}  // namespace initlaw
