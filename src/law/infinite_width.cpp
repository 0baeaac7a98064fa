#include "initlaw/limit.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {

Law infinite_width(const Network& network, const Input& input) {
  double log_variance = input.log_mean_square(network);
  for (std::size_t l = 1; l <= network.depth(); ++l) log_variance += layer_scale(network, l).log_r2;
  return Law::log_gaussian(log_variance, 0, network.outputs());
}

}  // namespace initlaw
