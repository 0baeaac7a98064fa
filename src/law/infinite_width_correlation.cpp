#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "law/kernel_map.hpp"
#include "network/network_scales.hpp"
#include "network/standard_architecture.hpp"

namespace initlaw {

std::vector<double> infinite_width_correlation(const Network& network, double rho) {
  require_standard_architecture(network, "correlation at infinite width");
  if (!(rho >= -1 && rho <= 1)) throw std::invalid_argument("rho: is out of range [-1, 1]");
  const NetworkScales scales(network);
  const double q2 = kink_share(network.leak());
  std::vector<double> by_layer{rho};
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    double branch = rho;
    for (std::size_t k = 0; k < network.branch_depth(); ++k) branch = kernel_map(q2, branch);
    const LayerScale& scale = scales.layer(l);
    rho = std::clamp(scale.a * scale.a * rho + scale.t() * branch, -1.0, 1.0);
    by_layer.push_back(rho);
  }
  return by_layer;
}

}  // namespace initlaw
