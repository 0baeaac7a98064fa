#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {

namespace {

/// b^2 w K(rho) of eq. (10) for layers m < l, of which `steps` are the layers m + 1, ..., l.
double covariance(const Network& network, std::span<const LayerScale> steps) {
  CorrelationProduct correlation;
  for (const LayerScale& step : steps) correlation.multiply(step);
  const double b = network.asymmetry();
  return b * b * std::pow(1 - 2 * network.flip(), static_cast<double>(steps.size())) *
         activation_covariance(correlation.value());
}

/// The scales of layers first, ..., last.
std::vector<LayerScale> scales(const Network& network, std::size_t first, std::size_t last) {
  std::vector<LayerScale> result;
  for (std::size_t l = first; l <= last; ++l) result.push_back(layer_scale(network, l));
  return result;
}

}  // namespace

double interlayer_covariance(const Network& network, std::size_t m, std::size_t l) {
  if (std::max(m, l) >= network.depth()) {
    throw std::invalid_argument(fmt::format("layer: {} is out of range [0, {}]", std::max(m, l), network.depth() - 1));
  }
  const auto [first, last] = std::minmax(m, l);
  return covariance(network, scales(network, first + 1, last));
}

double mean_interlayer_covariance(const Network& network, std::size_t lag) {
  if (lag >= network.depth()) {
    throw std::invalid_argument(fmt::format("lag: {} is out of range [0, {}]", lag, network.depth() - 1));
  }
  if (network.is_stationary()) return interlayer_covariance(network, 0, lag);
  const std::vector<LayerScale> steps = scales(network, 1, network.depth() - 1);
  const std::size_t pairs = network.depth() - lag;
  double sum = 0;
  for (std::size_t m = 0; m < pairs; ++m) sum += covariance(network, std::span(steps).subspan(m, lag));
  return sum / static_cast<double>(pairs);
}

}  // namespace initlaw
