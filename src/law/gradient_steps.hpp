#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "initlaw/gradient_limit.hpp"
#include "initlaw/network.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {

/// What one or several layers add to the Brownian motions E and Y of a gradient's law, and the overlap's rate
/// (docs/gradient-law.md).
struct GradientStep {
  double E_mean = 0;
  double E_variance = 0;
  double Y_mean = 0;
  double Y_variance = 0;
  double covariance = 0;
  double overlap = 0;  ///< C

  /// The variance of Y - E.
  double variance_of_difference() const { return Y_variance + E_variance - 2 * covariance; }
  /// As if `share` of the step were added.
  void add(const GradientStep& step, double share);
};

/// The steps of layers d, d - 1, ..., 1, the order in which a gradient passes them. Cost: O(d) for a stationary
/// network, else O(d^2) at most. Throws std::invalid_argument if the architecture is another than the paper's, or this
/// machine lacks the memory.
std::vector<GradientStep> gradient_steps(const Network& network);

/// What is missing in the means of E and Y from the last layer to each layer l = 0..d. What passes the layers above l
/// is hypoactive for what the layers below l did, too; the steps count a pair of layers at the lower one. Cost: as
/// gradient_steps.
std::vector<GradientStep> inherited_means(const Network& network, const LayerSums& below);

/// What gradient_limit.hpp computes of them, for who needs several.
GradientLimit gradient_limit(const Network& network, std::span<const GradientStep> steps);
std::vector<GradientNorm> gradient_norms(const Network& network, std::span<const GradientStep> steps,
                                         std::span<const GradientStep> inherited, OutputDirection direction,
                                         std::span<const std::size_t> layers);

}  // namespace initlaw
