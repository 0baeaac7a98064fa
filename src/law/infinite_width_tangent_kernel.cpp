#include <cmath>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "law/kernel_map.hpp"
#include "network/network_scales.hpp"
#include "network/standard_architecture.hpp"

namespace initlaw {

TangentKernel infinite_width_tangent_kernel(const Network& network, const Input& input) {
  require_standard_architecture(network, "tangent kernel at infinite width");
  const double B = static_cast<double>(network.branch_depth());
  const NetworkScales scales(network);
  TangentKernel kernel{.log_diagonal = input.log_mean_square(network) + scales.log_growth(), .share = {1}};
  double sum = 2;
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    kernel.share.push_back(B * scales.layer(l).t());
    sum += kernel.share.back();
  }
  kernel.share.push_back(1);
  for (double& share : kernel.share) share /= sum;
  kernel.log_diagonal += std::log(sum);
  return kernel;
}

double infinite_width_tangent_correlation(const Network& network, double rho) {
  const std::vector<double> correlation = infinite_width_correlation(network, rho);
  const NetworkScales scales(network);
  const double q2 = kink_share(network.leak());
  double theta = rho;
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    double branch = correlation[l - 1];
    double branch_theta = theta;
    for (std::size_t k = 0; k < network.branch_depth(); ++k) {
      branch_theta *= kernel_slope(q2, branch);
      branch = kernel_map(q2, branch);
      branch_theta += branch;
    }
    const LayerScale& scale = scales.layer(l);
    theta = scale.a * scale.a * theta + scale.t() * branch_theta;
  }
  return (theta + correlation.back()) * infinite_width_tangent_kernel(network).share.front();
}

}  // namespace initlaw
