#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

#include "initlaw/angle_law.hpp"
#include "initlaw/limit.hpp"
#include "law/activation_covariance.hpp"
#include "law/kernel_map.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {
namespace {

Correlation correlation_of(double rho) { return {rho, std::sqrt((1 - rho) * (1 + rho))}; }

}  // namespace

double growth_difference_variance(const Network& network, double rho) {
  if (network.branch_depth() > 1) {
    throw std::invalid_argument(fmt::format("branch_depth: {} has no known law of differences of growth; it must be 1",
                                            network.branch_depth()));
  }
  const std::vector<double> rhos = infinite_width_correlation(network, rho);
  const NetworkScales scales(network);
  const double b2 = network.asymmetry() * network.asymmetry();
  const double q2 = kink_share(network.leak());
  double sum = 4 * (1 - rho * rho) / static_cast<double>(network.width(0));
  for (std::size_t l = 0; l < network.depth(); ++l) {
    const double n_before = static_cast<double>(network.width(l));
    const double n = static_cast<double>(network.width(l + 1));
    const double a2 = scales.layer(l + 1).a * scales.layer(l + 1).a;
    const double t = scales.layer(l + 1).t();
    const double k = kernel_map(q2, rhos[l]);
    double activations = 2 * b2 * t * t * (3 - activation_covariance(correlation_of(rhos[l])));
    CorrelationProduct product;
    double w = 1;
    for (std::size_t m = l; m-- > 0;) {
      product.multiply(scales.layer(m + 1));
      w *= 1 - 2 * network.flip();
      const Correlation c = product.value();
      if (std::abs(w * c.rho) < kNegligibleCorrelation) break;
      const double alike = activation_covariance(correlation_of(c.rho * rhos[m]));
      activations += 4 * b2 * t * scales.layer(m + 1).t() * w * (activation_covariance(c) - alike);
    }
    sum += (8 * a2 * t * (1 - rhos[l] * k) + 4 * t * t * (1 - k * k)) / n + activations / n_before;
  }
  return sum;
}

}  // namespace initlaw
