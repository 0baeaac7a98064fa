#include <numbers>

#include "initlaw/angle_law.hpp"
#include "law/angle_path.hpp"
#include "law/kernel_map.hpp"
#include "law/layer_sums.hpp"
#include "network/network_scales.hpp"

namespace initlaw {

std::vector<AngleStep> angle_steps(const Network& network) {
  require_angles(network);
  const NetworkScales scales(network);
  const LayerSums sums = layer_sums(network);
  const double b2 = network.asymmetry() * network.asymmetry();
  const double q2 = kink_share(network.leak());
  const double B = static_cast<double>(network.branch_depth());
  const double n_0 = static_cast<double>(network.width(0));
  std::vector<AngleStep> steps{{.mean = -0.5 / n_0, .variance = 1 / n_0, .contraction = 0, .covariance = -1 / n_0}};
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const double a2 = scales.layer(l).a * scales.layer(l).a;
    const double t = scales.layer(l).t();
    // The activation acts with the width before, W with the one after.
    const double n = static_cast<double>(network.width(l));
    const double n_before = static_cast<double>(network.width(l - 1));
    const double weights = (B * t * t + 2 * a2 * t) / n;
    const double activations = B * b2 * t * t / n_before;
    // P_2 = rho K'/2 - Q_1 and Q = rho K' - Q_1 with Q_1 = (6/pi) rho sqrt(1 - rho^2); their sums are h and q.
    const double h = sums.hypoactivation[l - 1];
    const double Q_1 = -3 * network.asymmetry() * sums.active_excess[l - 1];
    steps.push_back({.mean = -(weights + activations - t * (h + Q_1) / n_before) / 2,
                     .variance = weights + activations - t * (2 * h + Q_1) / (2 * n_before),
                     .contraction = 2 * B * t * q2 / (3 * std::numbers::pi),
                     .covariance = -(weights + activations - t * h / n_before)});
  }
  return steps;
}

}  // namespace initlaw
