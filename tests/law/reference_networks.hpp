#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "initlaw/network.hpp"

namespace initlaw {

/// A schedule for `depth` layers that repeats `period`.
inline Schedule periodic(std::size_t depth, const std::vector<double>& period) {
  std::vector<double> values(depth);
  for (std::size_t i = 0; i < depth; ++i) values[i] = period[i % period.size()];
  return values;
}

/// Values of a network's limit, to 18 digits.
struct GrowthReference {
  struct Layer {
    std::size_t l;
    double h;
    double q;
  };
  std::string name;
  Network network;
  double mean;
  double variance;
  std::vector<Layer> layers;
};

/// Networks of all families, some with schedules, leak, flips and longer branches, of depth 1 to 10^6. The values are
/// the sums of docs/theory.md as written, with 50 digits (reference/make_reference.py).
inline std::vector<GrowthReference> growth_references() {
  return {
#include "law/reference/growth.inc"
  };
}

}  // namespace initlaw
