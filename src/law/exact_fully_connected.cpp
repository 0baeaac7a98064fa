#include <fmt/core.h>

#include <map>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "law/fully_connected_law.hpp"
#include "network/network_scales.hpp"
#include "network/standard_architecture.hpp"

namespace initlaw {

bool has_exact_law(const Network& network) {
  return network.leak() == 0 && network.is_without_skip() && network.has_standard_architecture();
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
  std::vector<FullyConnectedLaw::Layers> layers;
  layers.reserve(counts.size());
  for (const auto& [width, count] : counts) layers.push_back({ReluLayerLaw(width), count});
  return make_law(std::make_shared<FullyConnectedLaw>(log_scale, std::move(layers), network.width(network.depth()),
                                                      network.outputs()));
}

}  // namespace initlaw
