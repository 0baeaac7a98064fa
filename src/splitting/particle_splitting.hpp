#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "initlaw/network.hpp"
#include "network/network_scales.hpp"

namespace initlaw {

/// Tilts the law of networks by the weight e^{theta (G_l + kappa_l S_l)} after layer l, where kappa_l S_l is what S_l
/// adds to the expected growth of the layers to come.
struct Tilt {
  double theta;
  std::vector<double> kappa;  ///< l = 0..d-1
};
Tilt make_tilt(const Network& network, double theta);

/// Networks in a particle system: fewer of wide ones, which need less resampling and more memory.
std::size_t particle_count(const Network& network);
/// Bytes that a particle system takes.
double particle_system_bytes(const Network& network);

/// ln(||z_d||^2/n) - ln(||x||^2/n_in) of a system's networks, and the logarithm of each one's weight. The mean over
/// the system of e^log_weight f(G) has the expectation E f(G), for any f.
struct WeightedGrowth {
  std::vector<double> growth;
  std::vector<double> log_weight;
};

/// Particle system `index` of a seed: its networks advance side by side, are weighted by the growth of their tilt, and
/// resampled (systematically) when the weights have become uneven. Del Moral, "Feynman-Kac Formulae", Springer 2004,
/// chapter 7, for why this is unbiased. Cost: n normals per network and layer.
WeightedGrowth split_particles(const Network& network, const Tilt& tilt, std::uint64_t seed, std::uint64_t index);

}  // namespace initlaw
