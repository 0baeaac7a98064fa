#pragma once

#include <cstddef>
#include <vector>

namespace initlaw {

/// N neurons are active, with this probability.
struct ActiveNeurons {
  double count;
  double weight;
};

/// N ~ Binomial(width, 1/2) given N >= least, for sums of functions that are smooth in N: in wide layers at every so
/// many N, which is exact to rounding.
std::vector<ActiveNeurons> active_neurons(std::size_t width, double least);

}  // namespace initlaw
