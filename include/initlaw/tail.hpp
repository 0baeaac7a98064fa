#pragma once

#include <cstdint>

#include "initlaw/export.hpp"
#include "initlaw/input.hpp"
#include "initlaw/network.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/statistics.hpp"

namespace INITLAW_API initlaw {

/// The largest number that half precision (IEEE binary16) holds.
inline constexpr double kLargestHalf = 65504;

/// How a tail is measured. The result depends on all but `threads`.
struct TailOptions {
  double threshold = kLargestHalf;
  /// Networks; rounded up to whole particle systems.
  std::uint64_t samples = 200'000;
  std::uint64_t seed = 1;
  /// 0 for as many as the machine has cores.
  unsigned threads = 0;
};

/// The probability that one output neuron exceeds a threshold in absolute value.
struct Tail {
  Network network;
  Input input;
  TailOptions options;
  /// Networks simulated; fewer than asked for if stopped.
  std::uint64_t samples;
  /// P(|z| > threshold) of one component z of z_out, dead networks counted as 0.
  Estimate probability;
  /// By how much its variance is smaller than that of the share of as many independent networks.
  double variance_reduction;
  /// The share of the largest estimate of one particle system in the sum of the squares of all systems' estimates, from
  /// which the error is computed.
  double largest_share;

  /// False if few particle systems make so much of the estimate that even larger ones may have been missed. Estimate
  /// and error are then likely to be too small. Ten systems with estimates as large as the largest are enough.
  bool converged() const { return largest_share <= 0.1; }
};

/// Estimates P(|z| > threshold) by particle splitting: networks advance together, and those that grow are copied and
/// others dropped from layer to layer. Their normals come from a tilted law that favours growth. Weights undo both, so
/// that the estimate is unbiased whatever the tilt (docs/theory.md, "Far tails"). The tilt is found by a few pilot
/// systems, whose estimates are not used. The error comes from independent systems. Made for probabilities between
/// 10^-1 and 10^-18.
///
/// System i depends on (network, input, seed, threshold) and i alone. Progress is asked before each system, the pilots
/// included. Cost: some 3 times that of simulate() in double precision. Memory: O(threads
/// (depth + width) 1000) for the largest width, less per neuron above width 1000. Throws std::invalid_argument if the
/// threshold is not positive and finite, the samples are out of range, the network too large for this machine's memory,
/// or the input's length not the network's.
Tail tail_probability(const Network& network, const TailOptions& options, const Input& input = {},
                      const Progress& progress = {});

}  // namespace initlaw
