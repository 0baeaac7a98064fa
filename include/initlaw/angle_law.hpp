#pragma once

#include <complex>
#include <cstddef>
#include <optional>
#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/network.hpp"

namespace initlaw {
class AngleChain;
}

namespace INITLAW_API initlaw {

/// @file
/// The angle theta_l between z_l at two inputs, in radians, in a network of finite depth and width. Infinite width
/// says that it falls as 1/l; at depths of the order of the width it falls exponentially and at random. Notation as in
/// docs/theory.md. These functions throw std::invalid_argument for a network of width 1, whose pre-activations have no
/// angle between 0 and pi. Source: docs/angles.md.

/// What a layer adds to ln theta while theta is small, in the limit of infinite depth and width: a normal number of
/// this mean and variance, less contraction * theta.
struct AngleStep {
  double mean;
  double variance;
  double contraction;
  /// Of what it adds to ln theta and what it adds to G.
  double covariance;
};

/// The steps of the input layer and of layers 1, ..., d. Each depends on the layers before it alone. Cost: as
/// log_gaussian_growth.
std::vector<AngleStep> angle_steps(const Network& network);

/// Moments of a function of an angle, and its covariance with the growth G of either input (limit.hpp).
struct AngleMoments {
  double mean;
  double variance;
  double covariance_with_growth;
};

/// The probability law of theta_l, in (0, pi). Values are immutable.
///
/// It is a mixture of normal laws of u = artanh cos theta = -ln tan(theta/2). As an answer to the chain of
/// docs/angles.md its absolute errors are below 1e-10 up to a depth of some 200; in deeper networks, where layers are
/// taken together, below 1e-5 of probabilities and 1e-4 of moments' size. The chain itself is off by O(ln(n)/n) where
/// angles of order 1 matter. A call of pdf or cdf costs some 10 microseconds.
class AngleLaw {
 public:
  /// Density of theta; 0 outside (0, pi). These three throw std::invalid_argument if theta is NaN.
  double pdf(double theta) const;
  /// P(theta_l <= theta).
  double cdf(double theta) const;
  /// P(theta_l > theta), accurate where it is small.
  double survival(double theta) const;
  /// The theta with cdf(theta) = p; 0 and pi for p = 0 and 1. Throws std::invalid_argument for another p unless 1e-12
  /// <= p <= 1 - 1e-12.
  double quantile(double p) const;
  /// Of ln theta, and of ln tan(theta/2), which is as much but for ln 2 where theta is small.
  const AngleMoments& log_angle() const { return log_angle_; }
  const AngleMoments& log_tangent() const { return log_tangent_; }
  /// E cos theta_l. It hides collapse, as 1 - cos theta is the square of what one asks for.
  double mean_cosine() const { return mean_cosine_; }

 private:
  friend class AngleChain;
  /// A normal law of u, and what G is expected to be there.
  struct Part {
    double mean;
    double deviation;
    double weight;
    double growth;        ///< E G at u = mean, times the weight
    double growth_slope;  ///< how E G changes with u
  };
  struct GridPoint {
    double u;
    double density;
    double growth;  ///< E G at u, times the density
  };
  explicit AngleLaw(std::vector<Part> parts);
  /// At whole multiples of `spacing`, as far as there is anything.
  static std::vector<GridPoint> on_grid(const std::vector<Part>& parts, double spacing);
  /// P(U > u) of a mixture, and P(U < u).
  static double upper(const std::vector<Part>& parts, double u);
  double lower(double u) const;

  std::vector<Part> parts_;
  AngleMoments log_angle_;
  AngleMoments log_tangent_;
  double mean_cosine_;
};

/// The law of the angle in the last layer, theta_d, for inputs of cosine `rho`. Of both inputs none may be 0. A
/// network without skip path takes the exact rates of its layers at every angle, a ReLU one also their exact size at
/// small angles. Throws std::invalid_argument unless -1 < rho < 1; inputs that are parallel stay so. Cost: at width 100
/// and depth 50 two milliseconds; at depth 10^4 half a second, a whole one if layers hardly contract; and what
/// angle_steps costs.
AngleLaw angle_law(const Network& network, double rho);

/// The same in several layers of 0..d, in the order given. Cost: as angle_law, and as much as its last steps for each
/// layer. Throws as angle_law does, and std::invalid_argument if a layer is out of range.
std::vector<AngleLaw> angle_law_by_layer(const Network& network, double rho, const std::vector<std::size_t>& layers);

/// The first layer l with P(theta_l <= angle) >= probability, if there is one: when do two inputs collapse? Throws as
/// angle_law does, and std::invalid_argument unless 0 < angle < pi and 0 < probability < 1. Cost: as angle_law; in a
/// network deeper than some 200 layers only ends of groups of layers are looked at until one is found.
std::optional<std::size_t> collapse_depth(const Network& network, double rho, double angle, double probability);

/// The law of X = ln theta_d - ln theta_x in the limit of small angles, exact at every width and depth. Values are
/// immutable. Absolute errors are below 1e-10 of cdf, and of mean, variance and pdf in units of the standard deviation;
/// below 1e-5 at widths below 12, whose lower tail is exponential. A call of pdf or cdf costs some microseconds.
class SmallAngleLaw {
 public:
  double mean() const { return mean_; }
  double variance() const { return deviation_ * deviation_; }
  /// These two throw std::invalid_argument if x is NaN.
  double pdf(double x) const;
  /// P(X <= x).
  double cdf(double x) const;
  /// The x with cdf(x) = p; infinite for p = 0 and 1. Throws std::invalid_argument for another p unless 1e-6 <= p <= 1
  /// - 1e-6.
  double quantile(double p) const;

 private:
  friend SmallAngleLaw exact_small_angle_law(const Network&);
  SmallAngleLaw(double mean, double variance, std::vector<std::complex<double>> transform);

  double mean_;
  double deviation_;
  std::vector<std::complex<double>> transform_;  ///< E e^{iq(X - mean)} at equidistant q
};

/// For a ReLU network without skip path, given that at least two neurons are active in every layer, so that the angle
/// is not 0. Throws std::invalid_argument for other networks. Cost: as exact_fully_connected.
SmallAngleLaw exact_small_angle_law(const Network& network);

/// Var(G - G') of the growths of two inputs of cosine `rho`, to leading order in 1/n at fixed depth: how differently
/// they grow. With V of log_gaussian_growth, Cov(G, G') = V - Var(G - G')/2. At depths of the order of the width it is
/// too small, as angles become random there: by a fifth at n = d = 64. Throws std::invalid_argument unless -1 <= rho <=
/// 1, and for a branch depth above 1. Cost: O(d^2) at most, less where correlations decay.
double growth_difference_variance(const Network& network, double rho);

}  // namespace initlaw
