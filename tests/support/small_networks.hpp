#pragma once

#include <ostream>
#include <vector>

#include "initlaw/network.hpp"

namespace initlaw {

/// A network with a name for tests.
struct SmallNetwork {
  const char* name;
  Network network;
};

inline std::ostream& operator<<(std::ostream& out, const SmallNetwork& c) { return out << c.name; }

/// Small networks of every family and extension: what differs between methods by O(1/n) would show.
inline std::vector<SmallNetwork> small_networks() {
  const std::vector<double> alphas{0.9, -0.5, 0, 0.7, 1.1};
  const std::vector<double> lambdas{0.3, 0.8, 1, -0.6, 0.2};
  return {
      {"Vanilla", vanilla({.width = 9, .depth = 5})},
      {"Balanced", balanced({.width = 9, .depth = 5})},
      {"FullyConnected", fully_connected({.width = 9, .depth = 5})},
      {"FullyConnectedOfManyWidths",
       fully_connected({.width = std::vector<std::size_t>{7, 12, 3, 9, 8, 10}, .depth = 5})},
      {"Stable", stable({.width = 9, .depth = 5, .residual_scale = 1.5})},
      {"Leaky", vanilla({.width = 9, .depth = 5, .leak = 0.4})},
      {"AbsoluteValue", vanilla({.width = 9, .depth = 5, .leak = -1})},
      {"RarelyFlipping", vanilla({.width = 9, .depth = 5}).with_flip(0.15)},
      {"AlwaysFlipping", vanilla({.width = 9, .depth = 5}).with_flip(1)},
      {"DeepBranches", vanilla({.width = 9, .depth = 5, .leak = 0.2, .branch_depth = 3})},
      {"Schedules", vanilla({.width = 9, .depth = 5, .alpha = alphas, .lambda = lambdas, .outputs = 3})},
      {"Wide", vanilla({.width = 67, .depth = 2})},
      {"BalancedDeepBranches", balanced({.width = 9, .depth = 5, .inputs = 4, .branch_depth = 2})},
  };
}

}  // namespace initlaw
