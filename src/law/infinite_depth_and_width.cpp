#include "initlaw/limit.hpp"
#include "law/activation_memory.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {
namespace {

/// A_l/n of docs/theory.md, eq. (11), with each width where it acts: a matrix that makes z_l adds 2/n_l, unless it is
/// orthogonal, an activation the variance of what it passes over the number of neurons that it sees.
double step_variance(const Network& network, const ActivationMemory& memory, const LayerScale& layer, std::size_t l) {
  const double n = static_cast<double>(network.width(l));
  const double n_before = static_cast<double>(network.width(l - 1));
  const double t = layer.t();
  const double B = static_cast<double>(network.branch_depth());
  const double along = 4 * layer.a * layer.a * t / n;
  if (network.architecture().branch == Branch::kLinearFirst) {
    const double m = static_cast<double>(network.branch_width());
    return t * t * (2 / n + (B - 1) * memory.free_variance() / m) + along;
  }
  const double matrix = network.architecture().weights == Weights::kOrthogonal ? 0 : 2 / n;
  return B * t * t * (matrix + memory.variance() / n_before) + along;
}

}  // namespace

// docs/theory.md, eqs. (11) and (12). Widths differ in fully connected nets only, where h and the covariance vanish.
std::vector<LogNormGrowth> log_gaussian_growth_by_layer(const Network& network, const Input& input,
                                                        const LayerSums& sums) {
  const ActivationMemory memory(network);
  const bool has_gaussian_input = network.architecture().input_layer == InputLayer::kGaussian;
  const double input_layer = has_gaussian_input ? 2 / static_cast<double>(network.width(0)) : 0;
  const NetworkScales scales(network, input);
  double variance = input_layer;
  double drift = -input_layer / 2;
  double excess = 0;  // of E||z||^2, where branches are normalized
  std::vector<LogNormGrowth> growth{{.mean = drift, .variance = variance}};
  growth.reserve(network.depth() + 1);
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const LayerScale& layer = scales.layer(l);
    const double t = layer.t();
    const double a2 = layer.a * layer.a;
    const double n_before = static_cast<double>(network.width(l - 1));
    const double A_over_n = step_variance(network, memory, layer, l);
    const double covariance = 2 * t * sums.covariance[l - 1] / n_before;
    const double drift_by_activation = t * sums.hypoactivation[l - 1] / n_before;
    if (network.is_normalized()) {
      excess = a2 * excess + drift_by_activation;
      variance = a2 * a2 * variance + A_over_n + a2 * covariance;
      drift = excess - variance / 2;
    } else {
      drift += drift_by_activation - A_over_n / 2;
      variance += A_over_n + covariance;
    }
    growth.push_back({.mean = scales.log_growth(l) + drift, .variance = variance});
  }
  return growth;
}

std::vector<LogNormGrowth> log_gaussian_growth_by_layer(const Network& network, const Input& input) {
  return log_gaussian_growth_by_layer(network, input, layer_sums(network, input));
}

LogNormGrowth log_gaussian_growth(const Network& network, const Input& input) {
  return log_gaussian_growth_by_layer(network, input).back();
}

Law log_gaussian_law(const Network& network, const Input& input, const LogNormGrowth& G) {
  const double log_input = input.log_mean_square(network);
  const bool has_final_norm = network.architecture().norm == Normalization::kFinal;
  return Law::log_gaussian(log_input + output_growth(network, log_input, G.mean), has_final_norm ? 0 : G.variance,
                           network.outputs());
}

Law infinite_depth_and_width(const Network& network, const Input& input) {
  return log_gaussian_law(network, input, log_gaussian_growth(network, input));
}

}  // namespace initlaw
