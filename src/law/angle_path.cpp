#include "law/angle_path.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>

#include "law/kernel_map.hpp"
#include "law/small_angle_layer.hpp"
#include "network/memory.hpp"
#include "network/network_scales.hpp"
#include "network/standard_architecture.hpp"

namespace initlaw {
namespace {

/// Below this the rates' Taylor series, of this many terms. They are analytic within a circle of radius 2 at least.
constexpr double kSmallAngle = 0.25;
constexpr std::size_t kTerms = 16;

/// ln tan(theta/2) is -u; beyond this u infinite width moves nothing that a double holds.
constexpr double kParallel = 40;

double horner(const std::vector<double>& coefficients, double x) {
  double sum = 0;
  for (auto c = coefficients.rbegin(); c != coefficients.rend(); ++c) sum = sum * x + *c;
  return sum;
}

/// The vectors of n components in which a layer draws its neurons.
AngleMove drawn_neurons(std::size_t width) {
  const double n = static_cast<double>(width);
  return {.t = 0, .q2 = 0, .branch_depth = 0, .mean = 0.5 / n, .variance = 1 / n, .covariance = 1 / n, .rates = {}};
}

void require_memory_of_path(const Network& network, std::size_t moves) {
  require_memory(
      fmt::format("depth {}: the law of angles", network.depth()),
      static_cast<double>(network.depth()) * static_cast<double>(moves * sizeof(AngleMove) + sizeof(double)));
}

}  // namespace

void require_angles(const Network& network) {
  require_standard_architecture(network, "law of angles");
  const auto& widths = network.widths().values();
  if (*std::min_element(widths.begin(), widths.end()) > 1) return;
  throw std::invalid_argument("width: 1 is too narrow for the law of angles, which are 0 or pi there; at least 2");
}

template <typename Number>
struct NeuronRates::Rates {
  Number mean;
  Number variance;
};

template <typename Number>
NeuronRates::Rates<Number> NeuronRates::rates(Number theta) const {
  const double b = (1 - leak_ * leak_) / (1 + leak_ * leak_);
  const double norm = std::sqrt(2 * (1 + leak_ * leak_));
  const double P = (1 + leak_) / norm;
  const double q = (1 - leak_) / norm;
  const double per_pi = 2 / std::numbers::pi;
  const Number rho = std::cos(theta);
  const Number R = std::sin(theta);
  const Number A = std::numbers::pi / 2 - theta;
  const Number k = rho + q * q * per_pi * (R - theta * rho);
  const Number K = per_pi * (3.0 * rho * R + (1.0 + 2.0 * rho * rho) * A);
  const double J40 = 3 * (1 + b * b);
  const Number J22 = 1.0 + 2.0 * rho * rho + b * b * K;
  const Number J31 = 3 * P * (P + b * q) * rho + q * (q + b * P) * per_pi * (3.0 * rho * A + (2.0 + rho * rho) * R);
  // k e and k^2 v, as k may be 0.
  const Number ke = k * (0.75 * (J40 - 1) + 0.25 * (J22 - 1.0)) - (J31 - k);
  const Number k2v = J22 - k * k + k * k * (0.5 * (J40 - 1) + 0.5 * (J22 - 1.0)) - 2.0 * k * (J31 - k);
  const Number s = (1.0 - k) * (1.0 + k);
  return {ke / s + k * k2v / (s * s), k2v / (s * s)};
}

NeuronRates::NeuronRates(double leak) : leak_(leak), mean_(kTerms), variance_(kTerms) {
  // Cauchy's integrals over the circle of radius 1.
  constexpr int kPoints = 48;
  for (int j = 0; j < kPoints; ++j) {
    const double phase = 2 * std::numbers::pi * (j + 0.5) / kPoints;
    const auto [mean, variance] = rates(std::polar(1.0, phase));
    for (std::size_t i = 0; i < kTerms; ++i) {
      const auto turn = std::polar(1.0 / kPoints, -phase * static_cast<double>(i));
      mean_[i] += (mean * turn).real();
      variance_[i] += (variance * turn).real();
    }
  }
}

NeuronRates::Ratio NeuronRates::at(double theta) const {
  // |x| does not tell x from -x.
  if (leak_ == -1) theta = std::min(theta, std::numbers::pi - theta);
  if (theta < kSmallAngle) return {horner(mean_, theta) / mean_[0], horner(variance_, theta) / variance_[0]};
  const auto [mean, variance] = rates(theta);
  // Between these bounds at every leak, but for rounding where both theta is near pi and the leak near -1.
  return {std::clamp(mean / mean_[0], -3.0, 3.0), std::clamp(variance / variance_[0], 0.0, 1.0)};
}

AngleMove::Step AngleMove::from(double u) const {
  double to = u;
  if (t > 0 && q2 > 0 && u < kParallel) {
    // 1 - cos theta and 1 + cos theta.
    const double below = 2 / (1 + std::exp(2 * u));
    const double above = 2 / (1 + std::exp(-2 * u));
    double gain = 0;
    for (std::size_t i = 0; i < branch_depth; ++i) {
      gain += q2 * kernel_gain(2 * std::atan2(std::sqrt(below - gain), std::sqrt(above + gain)));
    }
    to += (std::log1p(t * gain / above) - std::log1p(-t * gain / below)) / 2;
  }
  const double cosine = std::tanh(to);
  if (rates == nullptr) return {to + mean * cosine, variance, covariance * cosine};
  const auto ratio = rates->at(2 * std::atan(std::exp(-u)));
  return {to + mean * ratio.mean, variance * ratio.variance, covariance * cosine};
}

AnglePath interpolated_path(const Network& network) {
  require_memory_of_path(network, 1);
  const double q2 = kink_share(network.leak());
  const NetworkScales scales(network);
  const std::vector<AngleStep> steps = angle_steps(network);
  AnglePath path{.moves = {drawn_neurons(network.width(0))}, .ends = {1}, .draws = {}};
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    path.moves.push_back({.t = scales.layer(l).t(),
                          .q2 = q2,
                          .branch_depth = network.branch_depth(),
                          .mean = -steps[l].mean,
                          .variance = steps[l].variance,
                          .covariance = -steps[l].covariance,
                          .rates = {}});
    path.ends.push_back(l + 1);
  }
  return path;
}

AnglePath path_without_skip(const Network& network, bool exact) {
  require_angles(network);
  require_memory_of_path(network, network.branch_depth() + 1);
  const auto rates = std::make_shared<const NeuronRates>(network.leak());
  const double b2 = network.asymmetry() * network.asymmetry();
  AnglePath path{.moves = {}, .ends = {0}, .draws = {drawn_neurons(network.width(0))}};
  AngleMove move{.t = 1,
                 .q2 = kink_share(network.leak()),
                 .branch_depth = 1,
                 .mean = 0,
                 .variance = 0,
                 .covariance = 0,
                 .rates = rates};
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const std::size_t width = network.width(l - 1);
    if (l == 1 || width != network.width(l - 2)) {
      const double n = static_cast<double>(width);
      move.mean = (1 + b2) / (2 * n);
      move.variance = (1 + b2) / n;
      move.covariance = (1 + b2) / n;
      if (exact) {
        const SmallAngleLayer layer = SmallAngleLayer::relu(width);
        move.mean = -layer.mean();
        move.variance = layer.variance();
      }
    }
    path.moves.insert(path.moves.end(), network.branch_depth(), move);
    path.ends.push_back(path.moves.size());
    path.draws.push_back(drawn_neurons(network.width(l)));
  }
  return path;
}

AnglePath angle_path(const Network& network) {
  // Layers without a kink are exact as they are.
  const bool as_iid_neurons = network.is_without_skip() && network.leak() < 1;
  return as_iid_neurons ? path_without_skip(network, network.leak() == 0) : interpolated_path(network);
}

}  // namespace initlaw
