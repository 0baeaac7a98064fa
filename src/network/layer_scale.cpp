#include "network/layer_scale.hpp"

#include <cmath>

namespace initlaw {

LayerScale layer_scale(const Network& network, std::size_t l) {
  const double alpha = network.alpha(l);
  const double lambda = network.lambda(l);
  const double r = std::hypot(alpha, lambda);
  const double ratio = lambda / alpha;
  // In long double, since a network of 10^6 layers with r^2 near 1 adds up 10^6 such logarithms.
  const long double r2 = static_cast<long double>(alpha) * alpha + static_cast<long double>(lambda) * lambda;
  return {.log_r2 = static_cast<double>(std::log(r2)),
          .a = alpha / r,
          .sqrt_t = lambda / r,
          .log_abs_a = std::abs(ratio) < 1 ? -0.5 * std::log1p(ratio * ratio) : std::log(std::abs(alpha / r))};
}

}  // namespace initlaw
