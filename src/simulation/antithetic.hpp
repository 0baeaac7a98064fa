#pragma once

#include <cstddef>
#include <vector>

#include "engine/engine.hpp"
#include "initlaw/simulate.hpp"
#include "network/network_scales.hpp"

namespace initlaw {

/// True if no layer of the network can be dead: if each has a skip path, or its activation passes negative numbers.
bool cannot_die(const Network& network);

/// Statistics of antithetic pairs: networks with opposite random numbers. Its size does not depend on their number.
class AntitheticSums {
 public:
  AntitheticSums(const Network& network, const Input& input);

  /// Adds the first `count` pairs of two blocks of which one mirrors the other.
  void add(const Block& block, const Block& mirrored, std::size_t count);
  /// As if the other's pairs had been added after this one's.
  void merge(const AntitheticSums& other);

  /// `plain` holds the statistics of the first network of each pair.
  AntitheticEstimates estimates(const Ensemble& plain) const;

  /// As Accumulator::serialize.
  template <typename Archive>
  void serialize(Archive& archive) {
    archive(G_, second_moment_, moments_);
  }

 private:
  struct Layer {
    LayerScale scale;
    double width;
    /// E of the square of the factor by which the branch's inner layers change ||phi||^2.
    double growth2;
  };
  struct LayerMoments {
    Moments S;
    Moments active;

    template <typename Archive>
    void serialize(Archive& archive) {
      archive(S, active);
    }
  };

  double control(const Block& block, std::size_t i) const;

  double log_input_;
  double input_width_;
  std::vector<Layer> layers_;
  Moments G_;
  LogMean second_moment_;
  std::vector<LayerMoments> moments_;
};

}  // namespace initlaw
