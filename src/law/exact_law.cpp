#include <fmt/core.h>

#include <cmath>
#include <map>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "law/independent_layers_law.hpp"
#include "law/linear_first_layer_law.hpp"
#include "network/network_scales.hpp"
#include "network/standard_architecture.hpp"

namespace initlaw {

namespace {

/// Layers alike, whose skip path keeps them alive, and an activation of which the mean of phi(g)^2 has a known law.
bool is_plain_linear_first(const Network& network) {
  const Architecture& architecture = network.architecture();
  return architecture.branch == Branch::kLinearFirst && !network.is_normalized() &&
         architecture.weights == Weights::kGaussian && network.is_stationary() && network.alpha(1) != 0 &&
         network.lambda(1) != 0 && (network.leak() == 0 || std::abs(network.leak()) == 1);
}

}  // namespace

bool has_exact_law(const Network& network) {
  return network.leak() == 0 && network.is_without_skip() && network.has_standard_architecture();
}

Law exact_linear_first(const Network& network, const Input& input) {
  if (!is_plain_linear_first(network)) {
    throw std::invalid_argument(
        "network: has no exact law as one of linear-first branches; it must have those, without normalization, with "
        "Gaussian weights, the same alpha and lambda, not 0, in all layers, and leak 0, 1 or -1");
  }
  const double log_scale = input.log_mean_square(network) + NetworkScales(network).log_growth();
  const bool has_gaussian_input = network.architecture().input_layer == InputLayer::kGaussian;
  auto layer = std::make_shared<LinearFirstLayerLaw>(layer_scale(network, 1), network.width(1), network.branch_width(),
                                                     network.branch_depth() - 1, network.leak() == 0);
  return make_law(std::make_shared<IndependentLayersLaw>(
      log_scale, std::vector<IndependentLayersLaw::Layers>{{std::move(layer), static_cast<double>(network.depth())}},
      has_gaussian_input ? network.width(0) : 0, network.outputs()));
}

Law exact_fully_connected(const Network& network, const Input& input) {
  require_standard_architecture(network, "exact law");
  if (!has_exact_law(network)) {
    throw std::invalid_argument(fmt::format(
        "network: only a ReLU network without skip path has an exact law (alpha = 0 in every layer, leak 0); "
        "this one has {}",
        network.is_without_skip() ? fmt::format("leak {}", network.leak()) : "a skip path"));
  }
  const double log_scale = input.log_mean_square(network) + NetworkScales(network).log_growth();
  std::map<std::size_t, double> counts;
  for (std::size_t l = 0; l < network.depth(); ++l) {
    counts[network.width(l)] += static_cast<double>(network.branch_depth());
  }
  std::vector<IndependentLayersLaw::Layers> layers;
  layers.reserve(counts.size());
  for (const auto& [width, count] : counts) layers.push_back({std::make_shared<ReluLayerLaw>(width), count});
  return make_law(std::make_shared<IndependentLayersLaw>(log_scale, std::move(layers), network.width(network.depth()),
                                                         network.outputs()));
}

}  // namespace initlaw
