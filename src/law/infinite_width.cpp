#include "initlaw/limit.hpp"
#include "network/network_scales.hpp"

namespace initlaw {

Law infinite_width(const Network& network, const Input& input) {
  const double log_input = input.log_mean_square(network);
  const double log_variance = log_input + output_growth(network, log_input, NetworkScales(network, input).log_growth());
  return Law::log_gaussian(log_variance, 0, network.outputs());
}

}  // namespace initlaw
