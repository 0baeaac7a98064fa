#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "initlaw/network.hpp"
#include "initlaw/simulate.hpp"
#include "network/network_scales.hpp"
#include "network/scaled_activation.hpp"
#include "random/philox.hpp"

namespace initlaw {

/// The fast engine's streams in each precision.
template <typename Real>
inline constexpr Purpose kFastNormals = sizeof(Real) == 4 ? Purpose::kFastFloatNormals : Purpose::kFastDoubleNormals;
template <typename Real>
inline constexpr Purpose kFastFlips = sizeof(Real) == 4 ? Purpose::kFastFloatFlips : Purpose::kFastDoubleFlips;
template <typename Real>
inline constexpr Purpose kFastUniforms = sizeof(Real) == 4 ? Purpose::kFastFloatUniforms : Purpose::kFastDoubleUniforms;

/// What the fast engine knows of its network.
struct FastSetup {
  Network network;
  ScaledActivation phi;
  std::uint64_t seed;
  std::vector<LayerScale> layers;
  std::size_t widest;
  double sign = 1;                           ///< of the normals
  std::optional<OutputDirection> gradients;  ///< if they are asked for
};

}  // namespace initlaw
