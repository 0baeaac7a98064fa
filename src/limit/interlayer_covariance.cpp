#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "limit/layer_sums.hpp"

namespace initlaw {

double interlayer_covariance(const Network& network, std::size_t m, std::size_t l) {
  if (std::max(m, l) >= network.depth()) {
    throw std::invalid_argument(
        fmt::format("layer: {} is out of range [0, {}]", std::max(m, l), network.depth() - 1));
  }
  const auto [first, last] = std::minmax(m, l);
  CorrelationProduct correlation;
  for (std::size_t i = first + 1; i <= last; ++i) correlation.multiply(layer_scale(network, i));
  const double b = network.asymmetry();
  return b * b * std::pow(1 - 2 * network.flip(), static_cast<double>(last - first)) * kernel(correlation.value());
}

}  // namespace initlaw
