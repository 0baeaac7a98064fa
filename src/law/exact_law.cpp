#include <fmt/core.h>

#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "initlaw/limit.hpp"
#include "law/independent_layers_law.hpp"
#include "law/linear_first_layer_law.hpp"
#include "network/network_scales.hpp"
#include "network/standard_architecture.hpp"

namespace initlaw {

namespace {

/// Layers that are independent, and whose skip path keeps them alive.
bool is_plain_linear_first(const Network& network) {
  const Architecture& architecture = network.architecture();
  if (architecture.branch != Branch::kLinearFirst || network.is_normalized() ||
      architecture.weights != Weights::kGaussian) {
    return false;
  }
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    if (network.alpha(l) == 0 || network.lambda(l) == 0) return false;
  }
  return true;
}

}  // namespace

bool has_exact_law(const Network& network) {
  return network.leak() == 0 && network.is_without_skip() && network.has_standard_architecture();
}

Law exact_linear_first(const Network& network, const Input& input) {
  if (!is_plain_linear_first(network)) {
    throw std::invalid_argument(
        "network: has no exact law as one of linear-first branches; it must have those, without normalization, with "
        "Gaussian weights, and neither alpha nor lambda 0");
  }
  const double log_scale = input.log_mean_square(network) + NetworkScales(network).log_growth();
  const bool has_gaussian_input = network.architecture().input_layer == InputLayer::kGaussian;
  // Layers of the same scales have one law.
  std::map<std::pair<double, double>, std::vector<std::size_t>> alike;
  for (std::size_t l = 1; l <= network.depth(); ++l) alike[{network.alpha(l), network.lambda(l)}].push_back(l);
  std::vector<IndependentLayersLaw::Layers> layers;
  layers.reserve(alike.size());
  for (const auto& [scales, places] : alike) {
    layers.push_back(
        {std::make_shared<LinearFirstLayerLaw>(layer_scale(network, places.front()), network.width(0),
                                               network.branch_width(), network.branch_depth() - 1, network.leak()),
         static_cast<double>(places.size())});
  }
  return make_law(std::make_shared<IndependentLayersLaw>(log_scale, std::move(layers),
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
