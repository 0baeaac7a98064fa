#include "initlaw/limit.hpp"
#include "limit/layer_sums.hpp"

namespace initlaw {

std::vector<double> hypoactivation(const Network& network) { return layer_sums(network).hypoactivation; }

std::vector<double> active_fraction(const Network& network) {
  std::vector<double> fractions = layer_sums(network).active_excess;
  for (std::size_t l = 0; l < fractions.size(); ++l) {
    fractions[l] = 0.5 + fractions[l] / (2 * static_cast<double>(network.width(l)));
  }
  return fractions;
}

}  // namespace initlaw
