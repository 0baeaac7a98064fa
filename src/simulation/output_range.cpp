#include "simulation/output_range.hpp"

#include <algorithm>
#include <cmath>

#include "network/network_scales.hpp"

namespace initlaw {

Histogram log_norm_histogram(const Network& network, const Input& input, double log_scale, std::size_t neurons) {
  // A layer without skip path adds 5/n to the variance of ln||z||^2, one with a skip path no more than its share t of
  // that and, by its correlation with the others, as much again.
  constexpr double kLayerVariance = 8;
  double variance = kLayerVariance / static_cast<double>(network.width(0));
  const NetworkScales scales(network, input);
  const std::size_t inner_width = network.architecture().branch_width;
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const LayerScale& scale = scales.layer(l);
    const std::size_t narrowest = inner_width == 0 ? network.width(l) : std::min(network.width(l), inner_width);
    variance +=
        kLayerVariance * scale.t() * static_cast<double>(network.branch_depth()) / static_cast<double>(narrowest);
  }
  // Normalized networks that freeze leave the others far behind.
  double frozen = 0;
  constexpr double kNeverFreezes = 40;
  if (network.is_normalized() && can_freeze(network) && static_cast<double>(network.width(0)) < kNeverFreezes) {
    for (std::size_t l = 1; l <= network.depth(); ++l) {
      if (scales.layer(l).a != 0) frozen += 2 * scales.layer(l).log_abs_a;
    }
  }
  const double k = static_cast<double>(neurons);
  const double centre = log_scale + scales.log_growth();
  const double deviations = 16 * std::sqrt(variance + 2 / k);
  // The mean of a logarithm lies below the logarithm of the mean by about half the variance, of frozen networks by
  // more; and that of a few squared normals has a long tail below, P(chi^2_m/m < e^-x) ~ e^{-m x/2}.
  return {centre - deviations - variance - 60 / k + frozen, centre + deviations + variance};
}

Histogram output_histogram(const Network& network, const Input& input, std::size_t outputs) {
  const double log_outputs = std::log(static_cast<double>(outputs));
  if (network.architecture().norm == Normalization::kFinal) {
    // A chi-square, whatever z_d is.
    const double log_growth = NetworkScales(network, input).log_growth();
    return log_norm_histogram(network, input, log_outputs - log_growth, outputs);
  }
  return log_norm_histogram(network, input, input.log_mean_square(network) + log_outputs, outputs);
}

}  // namespace initlaw
