#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "initlaw/several_inputs.hpp"
#include "joint/joint_options.hpp"
#include "joint/joint_sums.hpp"
#include "network/network_scales.hpp"

namespace initlaw {

/// A simulation of several inputs in pieces that can be made anywhere, in any order; as Sampler is one of one input.
class JointSampler {
 public:
  /// Throws as simulate_jointly() does. `threads` chunks are to fit into memory at once.
  JointSampler(Network network, JointOptions options, std::vector<std::vector<double>> inputs, unsigned threads);

  /// With the pairs and layers that were chosen.
  const JointOptions& options() const { return options_; }
  /// How many chunks options.samples fill.
  std::uint64_t whole_chunks() const { return options_.samples / chunk_samples_; }
  bool has_remainder() const { return options_.samples % chunk_samples_ != 0; }
  /// Networks simulated by chunk 0 to `chunks` - 1.
  std::uint64_t networks(std::uint64_t chunks) const;

  double chunk_updates() const { return joint_updates(network_, inputs_.size()) * static_cast<double>(chunk_samples_); }

  /// Simulates a chunk, or for `index` == whole_chunks() the remainder. Can be called on several threads.
  JointSums simulate(std::uint64_t index) const;
  /// Sums of no chunk yet, whose first is to be `first`.
  OrderedJointSums sums(std::uint64_t first = 0) const;
  /// What the sums, which must begin at chunk 0, and the remainder if it is given, have measured.
  JointEnsemble ensemble(OrderedJointSums sums, const std::optional<JointSums>& remainder = std::nullopt) const;

 private:
  Network network_;
  JointOptions options_;
  std::vector<std::vector<double>> inputs_;
  NetworkScales scales_;
  std::uint64_t chunk_samples_;
};

}  // namespace initlaw
