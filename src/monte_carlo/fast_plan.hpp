#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "initlaw/network.hpp"
#include "initlaw/simulate.hpp"
#include "network/layer_scale.hpp"

namespace initlaw {

/// What the fast kernel knows of its network.
struct FastPlan {
  Network network;
  std::uint64_t seed;
  std::vector<LayerScale> layers;
  std::size_t widest;
  double sign = 1;                           ///< of the normals
  std::optional<OutputDirection> gradients;  ///< if they are asked for
};

}  // namespace initlaw
