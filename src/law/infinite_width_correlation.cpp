#include <cmath>
#include <numbers>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "network/network_scales.hpp"
#include "network/standard_architecture.hpp"

namespace initlaw {
namespace {

/// E phi(X) phi(Y) of normals of correlation rho. With phi(x) = p x + q |x|, p^2 + q^2 = 1, it is p^2 rho + q^2 E|XY|.
double correlation_of_activations(double leak, double rho) {
  const double q2 = (1 - leak) * (1 - leak) / (2 * (1 + leak * leak));
  const double mean_abs_product = 2 / std::numbers::pi * (std::sqrt((1 - rho) * (1 + rho)) + rho * std::asin(rho));
  return (1 - q2) * rho + q2 * mean_abs_product;
}

}  // namespace

std::vector<double> infinite_width_correlation(const Network& network, double rho) {
  require_standard_architecture(network, "correlation at infinite width");
  if (!(rho >= -1 && rho <= 1)) throw std::invalid_argument("rho: is out of range [-1, 1]");
  const NetworkScales scales(network);
  std::vector<double> by_layer{rho};
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    double branch = rho;
    for (std::size_t k = 0; k < network.branch_depth(); ++k)
      branch = correlation_of_activations(network.leak(), branch);
    const LayerScale& scale = scales.layer(l);
    rho = std::fmin(scale.a * scale.a * rho + scale.t() * branch, 1.0);
    by_layer.push_back(rho);
  }
  return by_layer;
}

}  // namespace initlaw
