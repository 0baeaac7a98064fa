#include "initlaw/limit.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {

std::vector<double> hypoactivation(const Network& network) { return layer_sums(network).hypoactivation; }

std::vector<double> active_fraction(const Network& network) { return active_fraction(network, layer_sums(network)); }

std::vector<double> active_fraction(const Network& network, const LayerSums& sums) {
  std::vector<double> fractions = sums.active_excess;
  for (std::size_t l = 0; l < fractions.size(); ++l) {
    fractions[l] = 0.5 + fractions[l] / (2 * static_cast<double>(network.width(l)));
  }
  return fractions;
}

}  // namespace initlaw
