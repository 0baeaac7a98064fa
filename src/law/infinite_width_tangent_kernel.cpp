#include <cmath>

#include "initlaw/limit.hpp"
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

}  // namespace initlaw
