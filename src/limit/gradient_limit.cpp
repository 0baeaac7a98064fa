#include "initlaw/gradient_limit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "limit/boost_policy.hpp"
#include "limit/gradient_functional.hpp"
#include "network/layer_scale.hpp"

namespace initlaw {
namespace {

using Complex = std::complex<double>;

/// Beyond so many standard deviations there is no more than 1e-12 of any of these laws.
constexpr double kReach = 12;

double require_number(double x) {
  if (std::isnan(x)) throw std::invalid_argument("x: nan is not a number");
  return x;
}

struct Cumulants {
  double mean;
  double variance;
};

/// The first two derivatives of ln E e^{qX} at q = 0, by Cauchy's integrals over a circle, of which the lower half
/// mirrors the upper one.
Cumulants cumulants(std::span<const GradientStep> layers, double deviation) {
  constexpr int kPoints = 8;
  const double radius = 0.5 / deviation;
  std::vector<Complex> q;
  for (int j = 0; j <= kPoints / 2; ++j) q.push_back(std::polar(radius, 2 * std::numbers::pi * j / kPoints));
  const std::vector<Complex> values = gradient_transform(layers, q);
  Complex first = 0;
  Complex second = 0;
  for (std::size_t j = 0; j < q.size(); ++j) {
    const double times = j == 0 || j + 1 == q.size() ? 1 : 2;
    first += times * (std::log(values[j]) / q[j]).real();
    second += times * 2 * (std::log(values[j]) / (q[j] * q[j])).real();
  }
  return {first.real() / kPoints, second.real() / kPoints};
}

/// Cov(X, Y): how the mean changes if the law is tilted by e^{sY}, which moves E and Y by s times their covariance with
/// Y.
double covariance_with_Y(std::span<const GradientStep> layers, const GradientStep& total, double deviation) {
  const auto mean_tilted_by = [&](double s) {
    std::vector<GradientStep> tilted(layers.begin(), layers.end());
    for (GradientStep& layer : tilted) {
      layer.E_mean += s * layer.covariance;
      layer.Y_mean += s * layer.Y_variance;
    }
    return cumulants(tilted, deviation).mean;
  };
  const double s = 0.04 / std::sqrt(total.Y_variance);
  const double near = (mean_tilted_by(s) - mean_tilted_by(-s)) / (2 * s);
  const double far = (mean_tilted_by(2 * s) - mean_tilted_by(-2 * s)) / (4 * s);
  return near + (near - far) / 3;
}

/// The frequencies (j + 1/2) step at which a law's transform is needed: their period holds the law, and beyond the last
/// of them a normal part of variance `smooth` leaves nothing.
std::vector<Complex> frequencies(double deviation, double smooth, double& step) {
  step = 2 * std::numbers::pi / (2 * kReach * deviation);
  const double last = std::sqrt(2 * 38 / smooth);
  std::vector<Complex> q;
  for (double frequency = step / 2; frequency < last; frequency += step) q.emplace_back(0, frequency);
  return q;
}

}  // namespace

GradientLaw::GradientLaw(double mean, double variance, double correlation, double step, std::vector<Complex> transform)
    : mean_(mean), variance_(variance), correlation_(correlation), step_(step), transform_(std::move(transform)) {}

double GradientLaw::pdf(double x) const {
  const double y = require_number(x) - mean_;
  if (std::abs(y) > kReach * std::sqrt(variance_)) return 0;
  double sum = 0;
  for (std::size_t j = 0; j < transform_.size(); ++j) {
    const double q = (static_cast<double>(j) + 0.5) * step_;
    sum += (transform_[j] * std::polar(1.0, -q * y)).real();
  }
  return std::max(0.0, sum * step_ / std::numbers::pi);
}

double GradientLaw::cdf(double x) const {
  const double y = require_number(x) - mean_;
  if (std::abs(y) > kReach * std::sqrt(variance_)) return y > 0 ? 1 : 0;
  double sum = 0;
  for (std::size_t j = 0; j < transform_.size(); ++j) {
    const double q = (static_cast<double>(j) + 0.5) * step_;
    sum += (transform_[j] * std::polar(1.0, -q * y)).imag() / q;
  }
  return std::clamp(0.5 - sum * step_ / std::numbers::pi, 0.0, 1.0);
}

double GradientLaw::quantile(double p) const {
  constexpr double kSmallest = 1e-6;
  if (!(p >= kSmallest && p <= 1 - kSmallest)) {
    throw std::invalid_argument(fmt::format("p: {} is out of range [1e-6, 1 - 1e-6]", p));
  }
  const double deviation = std::sqrt(variance_);
  std::uintmax_t iterations = 100;
  const auto [left, right] = boost::math::tools::toms748_solve(
      [&](double x) { return cdf(x) - p; }, mean_ - kReach * deviation, mean_ + kReach * deviation,
      boost::math::tools::eps_tolerance<double>(48), iterations, BoostPolicy());
  return left + (right - left) / 2;
}

GradientLimit gradient_limit(const Network& network) {
  const std::vector<GradientStep> layers = gradient_steps(network);
  GradientStep total;
  double log_scale = 0;
  for (const GradientStep& layer : layers) total.add(layer, 1);
  for (std::size_t l = 1; l <= network.depth(); ++l) log_scale += layer_scale(network, l).log_r2;
  if (total.E_variance == 0) {
    throw std::invalid_argument("lambda: is 0 in all layers; a gradient's growth has no law");
  }
  const double G_deviation = std::sqrt(total.Y_variance + 2 / static_cast<double>(network.width(0)));

  const double E_deviation = std::sqrt(total.E_variance);
  double step = 0;
  std::vector<Complex> q = frequencies(E_deviation, total.E_variance, step);
  std::vector<Complex> transform;
  transform.reserve(q.size());
  for (const Complex& each : q) transform.push_back(std::exp(each * each * (total.E_variance / 2)));
  GradientLaw orthogonal(log_scale + total.E_mean, total.E_variance, total.covariance / (E_deviation * G_deviation),
                         step, std::move(transform));

  const auto [mean, variance] = cumulants(layers, E_deviation);
  const double deviation = std::sqrt(variance);
  const double along = total.covariance - total.E_variance;
  q = frequencies(deviation, total.E_variance - along * along / total.variance_of_difference(), step);
  transform = gradient_transform(layers, q);
  for (std::size_t j = 0; j < q.size(); ++j) transform[j] *= std::exp(-q[j] * mean);
  const double covariance = covariance_with_Y(layers, total, E_deviation);
  GradientLaw random(log_scale + mean, variance, covariance / (deviation * G_deviation), step, std::move(transform));
  return {.log_scale = log_scale,
          .E_mean = total.E_mean,
          .E_variance = total.E_variance,
          .Y_mean = total.Y_mean,
          .Y_variance = total.Y_variance,
          .covariance = total.covariance,
          .overlap = total.overlap,
          .random = std::move(random),
          .orthogonal = std::move(orthogonal)};
}

}  // namespace initlaw
