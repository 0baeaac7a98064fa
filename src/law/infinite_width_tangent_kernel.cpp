#include <cmath>

#include "initlaw/limit.hpp"
#include "network/layer_scale.hpp"

namespace initlaw {

TangentKernel infinite_width_tangent_kernel(const Network& network, const Input& input) {
  const double B = static_cast<double>(network.branch_depth());
  TangentKernel kernel{.log_diagonal = input.log_mean_square(network), .share = {1}};
  double sum = 2;
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const LayerScale layer = layer_scale(network, l);
    kernel.log_diagonal += layer.log_r2;
    kernel.share.push_back(B * layer.t());
    sum += kernel.share.back();
  }
  kernel.share.push_back(1);
  for (double& share : kernel.share) share /= sum;
  kernel.log_diagonal += std::log(sum);
  return kernel;
}

}  // namespace initlaw
