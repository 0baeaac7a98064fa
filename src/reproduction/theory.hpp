#pragma once

#include <functional>
#include <vector>

#include "initlaw/angle_law.hpp"
#include "initlaw/finite_width.hpp"
#include "initlaw/gradient_limit.hpp"
#include "initlaw/limit.hpp"

namespace initlaw {

/// What the claims hold the simulation against. Tests put wrong theories in its place, to see claims refuted.
struct Theory {
  /// As log_gaussian_growth_by_layer().
  std::function<std::vector<LogNormGrowth>(const Network&)> growth;
  std::function<std::vector<double>(const Network&)> hypoactivation;
  std::function<std::vector<double>(const Network&)> active_fraction;
  /// As mean_interlayer_covariance().
  std::function<double(const Network&, std::size_t)> covariance;
  std::function<Law(const Network&, const Input&)> gaussian;
  /// Only asked for networks that have one.
  std::function<Law(const Network&, const Input&)> exact;
  std::function<GradientLimit(const Network&)> gradients;
  /// As log_norm_cumulants().
  std::function<LogNormCumulants(const Network&, FiniteWidthOrder)> cumulants;
  /// As angle_law() and growth_difference_variance().
  std::function<AngleLaw(const Network&, double rho)> angles;
  std::function<double(const Network&, double rho)> growth_difference;

  /// The log-Gaussian law with the theory's growth.
  Law log_gaussian(const Network& network, const Input& input) const;
  /// The finite-width law with the theory's cumulants. Throws std::bad_optional_access if their variance is not
  /// positive.
  Law finite_width(const Network& network, const Input& input,
                   FiniteWidthOrder order = FiniteWidthOrder::kSecond) const;
};

/// The theory as docs/theory.md derives it, at one input.
Theory true_theory(const Input& input = {});

}  // namespace initlaw
