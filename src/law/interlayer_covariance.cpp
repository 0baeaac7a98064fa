#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "law/activation_memory.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {

namespace {

/// K(rho) of eq. (10) for layers m < l, of which `steps` are the layers m + 1, ..., l.
double covariance(const Network& network, const ActivationMemory& memory, std::span<const LayerScale> steps) {
  if (steps.empty() && network.architecture().branch == Branch::kLinearFirst) {
    return memory.free_variance() * static_cast<double>(network.width(0)) / static_cast<double>(network.branch_width());
  }
  if (steps.empty()) return memory.variance();
  CorrelationProduct correlation;
  for (const LayerScale& step : steps) correlation.multiply(step);
  const double w = std::pow(1 - 2 * network.flip(), static_cast<double>(steps.size()));
  return memory.terms(correlation.value(), w).covariance;
}

/// The scales of layers first, ..., last.
std::vector<LayerScale> layers(const Network& network, const Input& input, std::size_t first, std::size_t last) {
  std::vector<LayerScale> result;
  if (!network.is_normalized()) {
    for (std::size_t l = first; l <= last; ++l) result.push_back(layer_scale(network, l));
    return result;
  }
  const NetworkScales scales(network, input);
  for (std::size_t l = first; l <= last; ++l) result.push_back(scales.layer(l));
  return result;
}

}  // namespace

double interlayer_covariance(const Network& network, std::size_t m, std::size_t l, const Input& input) {
  if (std::max(m, l) >= network.depth()) {
    throw std::invalid_argument(fmt::format("layer: {} is out of range [0, {}]", std::max(m, l), network.depth() - 1));
  }
  const auto [first, last] = std::minmax(m, l);
  return covariance(network, ActivationMemory(network), layers(network, input, first + 1, last));
}

double mean_interlayer_covariance(const Network& network, std::size_t lag, const Input& input) {
  if (lag >= network.depth()) {
    throw std::invalid_argument(fmt::format("lag: {} is out of range [0, {}]", lag, network.depth() - 1));
  }
  if (network.is_stationary() && !network.is_normalized()) return interlayer_covariance(network, 0, lag);
  const ActivationMemory memory(network);
  const std::vector<LayerScale> steps = layers(network, input, 1, network.depth() - 1);
  const std::size_t pairs = network.depth() - lag;
  double sum = 0;
  for (std::size_t m = 0; m < pairs; ++m) sum += covariance(network, memory, std::span(steps).subspan(m, lag));
  return sum / static_cast<double>(pairs);
}

}  // namespace initlaw
