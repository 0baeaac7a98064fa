#include "joint/joint_options.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "network/network_scales.hpp"
#include "parallel/run_in_chunks.hpp"

namespace initlaw {

void require_inputs(const Network& network, const std::vector<std::vector<double>>& inputs) {
  if (inputs.empty()) throw std::invalid_argument("inputs: there is none; at least one is needed");
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].size() != network.inputs()) {
      throw std::invalid_argument(fmt::format("inputs: number {} has {} components, the network takes {}", i,
                                              inputs[i].size(), network.inputs()));
    }
    if (!std::all_of(inputs[i].begin(), inputs[i].end(), [](double x) { return std::isfinite(x); })) {
      throw std::invalid_argument(fmt::format("inputs: number {} is not finite", i));
    }
  }
}

double joint_updates(const Network& network, std::size_t inputs) {
  const double m = static_cast<double>(inputs);
  return neurons(network) * m * m;
}

void require_counts(std::uint64_t samples, unsigned threads) {
  if (samples == 0 || samples > 1'000'000'000'000) {
    throw std::invalid_argument(fmt::format("samples: {} is out of range [1, 10^12]", samples));
  }
  require_threads(threads);
}

JointOptions completed(JointOptions options, const Network& network, const std::vector<std::vector<double>>& inputs) {
  require_inputs(network, inputs);
  const std::size_t count = inputs.size();
  constexpr std::size_t kAllPairs = 16;
  constexpr std::size_t kAllLayers = 64;
  if (options.pairs.empty()) {
    for (std::size_t j = 1; j < count; ++j) {
      for (std::size_t i = 0; i < (count <= kAllPairs ? j : 1); ++i) options.pairs.emplace_back(i, j);
    }
  }
  for (auto& [i, j] : options.pairs) {
    if (i > j) std::swap(i, j);
    if (i == j || j >= count) {
      throw std::invalid_argument(fmt::format("pairs: {}-{} is no pair of two of the inputs 0 to {}", i, j, count - 1));
    }
  }
  const std::size_t depth = network.depth();
  if (options.layers.empty()) {
    const std::size_t steps = std::min(depth, kAllLayers);
    for (std::size_t k = 0; k <= steps; ++k) options.layers.push_back(k * depth / steps);
  }
  options.layers.push_back(depth);
  std::sort(options.layers.begin(), options.layers.end());
  options.layers.erase(std::unique(options.layers.begin(), options.layers.end()), options.layers.end());
  if (options.layers.back() > depth) {
    throw std::invalid_argument(fmt::format("layers: {} is out of range [0, {}]", options.layers.back(), depth));
  }
  return options;
}

}  // namespace initlaw
