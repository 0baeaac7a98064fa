#include "initlaw/limit.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {

// docs/theory.md, eqs. (11) and (12), with each width where it acts: W_l adds 2/n_l, the activation before it
// 3 b^2/n_{l-1}. Widths differ in fully connected nets only, where h and the covariance vanish.
std::vector<LogNormGrowth> log_gaussian_growth_by_layer(const Network& network, const LayerSums& sums) {
  const double b2 = network.asymmetry() * network.asymmetry();
  const double B = static_cast<double>(network.branch_depth());
  const double input_layer = 2 / static_cast<double>(network.width(0));
  const NetworkScales scales(network);
  double variance = input_layer;
  double drift = -input_layer / 2;
  std::vector<LogNormGrowth> growth{{.mean = drift, .variance = variance}};
  growth.reserve(network.depth() + 1);
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const LayerScale& layer = scales.layer(l);
    const double t = layer.t();
    const double n = static_cast<double>(network.width(l));
    const double n_before = static_cast<double>(network.width(l - 1));
    const double A_over_n = B * t * t * (2 / n + 3 * b2 / n_before) + 4 * layer.a * layer.a * t / n;
    drift += t * sums.hypoactivation[l - 1] / n_before - A_over_n / 2;
    variance += A_over_n + 2 * t * sums.covariance[l - 1] / n_before;
    growth.push_back({.mean = scales.log_growth(l) + drift, .variance = variance});
  }
  return growth;
}

std::vector<LogNormGrowth> log_gaussian_growth_by_layer(const Network& network) {
  return log_gaussian_growth_by_layer(network, layer_sums(network));
}

LogNormGrowth log_gaussian_growth(const Network& network) { return log_gaussian_growth_by_layer(network).back(); }

Law log_gaussian_law(const Network& network, const Input& input, const LogNormGrowth& G) {
  return Law::log_gaussian(input.log_mean_square(network) + G.mean, G.variance, network.outputs());
}

Law infinite_depth_and_width(const Network& network, const Input& input) {
  return log_gaussian_law(network, input, log_gaussian_growth(network));
}

}  // namespace initlaw
