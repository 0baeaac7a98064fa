#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "limit/layer_sums.hpp"

namespace initlaw {

double interlayer_covariance(const Network& network, std::size_t m, std::size_t l) {
  if (std::max(m, l) >= network.depth()) {
    throw std::invalid_argument(fmt::format("layer: {} is out of range [0, {}]", std::max(m, l), network.depth() - 1));
  }
  const auto [first, last] = std::minmax(m, l);
  CorrelationProduct correlation;
  for (std::size_t i = first + 1; i <= last; ++i) correlation.multiply(layer_scale(network, i));
  const double b = network.asymmetry();
  return b * b * std::pow(1 - 2 * network.flip(), static_cast<double>(last - first)) * kernel(correlation.value());
}

double mean_interlayer_covariance(const Network& network, std::size_t lag) {
  if (lag >= network.depth()) {
    throw std::invalid_argument(fmt::format("lag: {} is out of range [0, {}]", lag, network.depth() - 1));
  }
  if (network.is_stationary()) return interlayer_covariance(network, 0, lag);
  const std::size_t pairs = network.depth() - lag;
  double sum = 0;
  for (std::size_t m = 0; m < pairs; ++m) sum += interlayer_covariance(network, m, m + lag);
  return sum / static_cast<double>(pairs);
}

}  // namespace initlaw
