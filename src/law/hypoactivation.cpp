#include "initlaw/limit.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {

std::vector<double> hypoactivation(const Network& network, const Input& input) {
  return layer_sums(network, input).hypoactivation;
}

std::vector<double> active_fraction(const Network& network, const Input& input) {
  return active_fraction(network, layer_sums(network, input));
}

std::vector<double> active_fraction(const Network& network, const LayerSums& sums) {
  std::vector<double> fractions = sums.active_excess;
  for (std::size_t l = 0; l < fractions.size(); ++l) {
    fractions[l] = 0.5 + fractions[l] / (2 * static_cast<double>(network.width(l)));
  }
  return fractions;
}

}  // namespace initlaw
