#include "law/gradient_steps.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>

#include "law/layer_sums.hpp"
#include "network/memory.hpp"
#include "network/standard_architecture.hpp"

namespace initlaw {
namespace {

/// Sums over the layers k above one layer i, with rho and w of the pair and t_{k+1} (docs/gradient-law.md).
struct UpwardSums {
  double hypoactivation = 0;  ///< -(1/2) b^2 sum t w rho K'(rho)
  double active_excess = 0;   ///< -(1/2) b sum t w rho (4/pi) sqrt(1 - rho^2)
  double squares = 0;         ///< b^2 sum t w K(rho)
  double signs = 0;           ///< b^2 sum t w (2/pi) arcsin rho
  double mixed = 0;           ///< b^2 sum t w (2/pi) (rho sqrt(1 - rho^2) + arcsin rho)
  double energy = 0;          ///< as signs, with (a_{i+2} ... a_k)^2

  void add(double b, double t, double w, const Correlation& c, double energy_kept) {
    const double sign_covariance = 2 / std::numbers::pi * c.arcsin;
    hypoactivation -= b * b / 2 * t * w * c.rho * activation_covariance_derivative(c);
    active_excess -= b / 2 * t * w * c.rho * (4 / std::numbers::pi) * c.complement;
    squares += b * b * t * w * activation_covariance(c);
    signs += b * b * t * w * sign_covariance;
    mixed += b * b * t * w * (2 / std::numbers::pi * c.rho * c.complement + sign_covariance);
    energy += b * b * t * w * sign_covariance * energy_kept;
  }
};

/// Layer i's sums over i + 1, ..., at most `last`.
UpwardSums sums_above(const Network& network, const NetworkScales& scales, std::size_t i) {
  UpwardSums sums;
  CorrelationProduct correlation;
  double w = 1;
  double energy_kept = 1;
  for (std::size_t k = i + 1; k < network.depth(); ++k) {
    correlation.multiply(scales.layer(k));
    w *= 1 - 2 * network.flip();
    if (k > i + 1) energy_kept *= scales.layer(k).a * scales.layer(k).a;
    const Correlation c = correlation.value();
    if (std::abs(w * c.rho) < kNegligibleCorrelation) break;
    sums.add(network.asymmetry(), scales.layer(k + 1).t(), w, c, energy_kept);
  }
  return sums;
}

/// Of every layer. With constant scales a pair's terms depend on its lag alone.
std::vector<UpwardSums> upward_sums(const Network& network, const NetworkScales& scales) {
  const std::size_t d = network.depth();
  std::vector<UpwardSums> sums(d);
  if (!network.is_stationary()) {
    for (std::size_t i = 0; i < d; ++i) sums[i] = sums_above(network, scales, i);
    return sums;
  }
  CorrelationProduct correlation;
  double w = 1;
  double energy_kept = 1;
  for (std::size_t lag = 1; lag < d; ++lag) {
    correlation.multiply(scales.layer(1));
    w *= 1 - 2 * network.flip();
    if (lag > 1) energy_kept *= scales.layer(1).a * scales.layer(1).a;
    sums[d - 1 - lag] = sums[d - lag];
    sums[d - 1 - lag].add(network.asymmetry(), scales.layer(1).t(), w, correlation.value(), energy_kept);
  }
  return sums;
}

}  // namespace

void GradientStep::add(const GradientStep& step, double share) {
  E_mean += share * step.E_mean;
  E_variance += share * step.E_variance;
  Y_mean += share * step.Y_mean;
  Y_variance += share * step.Y_variance;
  covariance += share * step.covariance;
  overlap += share * step.overlap;
}

std::vector<GradientStep> gradient_steps(const Network& network) {
  require_standard_architecture(network, "law of gradients");
  require_memory(
      fmt::format("depth {}: the limit of gradients", network.depth()),
      static_cast<double>(network.depth()) * (sizeof(GradientStep) + sizeof(UpwardSums) + sizeof(LayerScale)));
  const NetworkScales scales(network);
  const std::vector<UpwardSums> above = upward_sums(network, scales);
  const double b = network.asymmetry();
  const double b2 = b * b;
  const double B = static_cast<double>(network.branch_depth());
  std::vector<GradientStep> steps;
  for (std::size_t l = network.depth(); l > 0; --l) {
    const double a2 = scales.layer(l).a * scales.layer(l).a;
    const double t = scales.layer(l).t();
    const double n = static_cast<double>(network.width(l));
    const double n_before = static_cast<double>(network.width(l - 1));
    const UpwardSums& up = above[l - 1];
    // The table of rates in docs/gradient-law.md, with the mean of E by eq. (4). The activation and W^T act with the
    // width before, W with the one after.
    const double own_variance = B * t * t * (2 * (1 + b2) + b2) + 4 * a2 * t * (1 + up.energy);
    const double C = 2 * a2 * t + B * (1 + b2) * t * t - t * up.hypoactivation;
    const double A_over_n = B * t * t * (2 / n + 3 * b2 / n_before) + 4 * a2 * t / n;
    steps.push_back({.E_mean = (-t * b * up.active_excess - own_variance / 2 - C) / n_before,
                     .E_variance = (own_variance + 2 * t * up.signs) / n_before,
                     .Y_mean = t * up.hypoactivation / n_before - A_over_n / 2,
                     .Y_variance = A_over_n + 2 * t * up.squares / n_before,
                     .covariance = (B * b2 * t * t + 2 * t * up.mixed) / n_before,
                     .overlap = C / n_before});
  }
  return steps;
}

std::vector<GradientStep> inherited_means(const Network& network, const LayerSums& below) {
  const NetworkScales scales(network);
  const std::vector<UpwardSums> above = upward_sums(network, scales);
  std::vector<GradientStep> inherited(network.depth() + 1);
  for (std::size_t l = network.depth(); l > 0; --l) {
    const double t_over_n = scales.layer(l).t() / static_cast<double>(network.width(l - 1));
    const double q = below.active_excess[l - 1] - above[l - 1].active_excess;
    const double h = below.hypoactivation[l - 1] - above[l - 1].hypoactivation;
    inherited[l - 1] = inherited[l];
    inherited[l - 1].E_mean += t_over_n * network.asymmetry() * q;
    inherited[l - 1].Y_mean += t_over_n * h;
  }
  return inherited;
}

}  // namespace initlaw
