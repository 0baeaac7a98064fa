#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/engine.hpp"
#include "initlaw/simulate.hpp"
#include "simulation/ordered_sums.hpp"

namespace initlaw {

/// The most layers in a branch whose pre-activations are kept: numbers in deeper ones leave a double's range.
inline constexpr std::size_t kDeepestBranch = 300;

/// A simulation in pieces that can be made anywhere, in any order. Chunk i is the samples from i chunk_samples() on;
/// the last one, if options.samples do not fill it, is the remainder. It belongs to no sums, so that a simulation of
/// more samples can go on from the same sums.
class Sampler {
 public:
  /// Throws as simulate() does. `threads` chunks are to fit into memory at once.
  Sampler(Network network, SimulationOptions options, Input input, unsigned threads);

  const SimulationOptions& options() const { return options_; }
  std::uint64_t chunk_samples() const { return chunk_samples_; }
  /// How many chunks options.samples fill.
  std::uint64_t whole_chunks() const { return samples_ / chunk_samples_; }
  bool has_remainder() const { return samples_ % chunk_samples_ != 0; }
  /// Networks simulated by chunk 0 to `chunks` - 1.
  std::uint64_t networks(std::uint64_t chunks) const;

  /// Simulates a chunk, or for `index` == whole_chunks() the remainder. Can be called on several threads.
  Chunk simulate(std::uint64_t index) const;
  /// ln||z_out||^2 of the networks of the same chunk, -infinity of dead ones; of antithetic pairs, of the first.
  std::vector<double> log_output_norm2(std::uint64_t index) const;
  /// How networks first, ..., first + count - 1 grow, one after the other: for each ln||z_l||^2, l = 0..d, and last
  /// ln||z_out||^2, all less their logarithms at infinite width. Both ends of a dead network are -infinity, and what
  /// lies before them is unspecified. Of antithetic pairs, the first networks.
  std::vector<double> growth_paths(std::uint64_t first, std::uint64_t count) const;
  /// Sums of no chunk yet, whose first is to be `first`.
  OrderedSums sums(std::uint64_t first = 0) const;
  /// What the sums, which must begin at chunk 0, and the remainder if it is given, have measured.
  Ensemble ensemble(OrderedSums sums, const std::optional<Chunk>& remainder = std::nullopt) const;

 private:
  /// use(block, its first sample, how many it has) for the blocks of a chunk.
  template <typename Use>
  void for_each_block(std::uint64_t index, const Use& use) const;

  Network network_;
  SimulationOptions options_;
  Input input_;
  double log_input_;
  std::unique_ptr<const Engine> engine_;
  std::unique_ptr<const Engine> antithetic_engine_;  ///< if networks come in antithetic pairs
  std::uint64_t networks_each_;                      ///< two if they do
  std::uint64_t samples_;
  std::uint64_t chunk_samples_;
  Statistics empty_;
};

/// The neurons of a network, or of the dense method the weights: what its time goes with. Cost: O(d).
double updates(const Network& network, Method method);

}  // namespace initlaw
