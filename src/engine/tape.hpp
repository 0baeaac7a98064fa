#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/engine.hpp"
#include "engine/lane_buffer.hpp"
#include "initlaw/network.hpp"

namespace initlaw {

/// What a backward pass needs of the forward one, for some networks at a time, one a lane; or the one layer that a
/// forward pass needs by itself.
///
/// Kept are, for each neuron and layer, its pre-activation (4 or 8 bytes), with branches of depth B the normals of
/// their B - 1 inner layers, and whether its sign flipped (a bit).
template <typename Real>
class Tape {
 public:
  /// Bytes of one neuron's flips, a bit for each lane.
  static constexpr std::size_t kFlipBytes = kBlock / 8;

  Tape(const Network& network, std::size_t widest, std::size_t lanes, bool keeps)
      : keeps_(keeps),
        layer_((widest + 3) / 4 * 4 * lanes),  // as neurons are read in fours
        widest_(widest),
        inner_layers_(network.branch_depth() - 1),
        y_(make_lane_buffer<Real>(layer_ * (keeps ? network.depth() + 1 : 1))) {
    // A layer that is wider than the one before it reads, without skip path, neurons of that one which do not exist.
    std::fill_n(y_.get(), layer_ * (keeps ? network.depth() + 1 : 1), Real{0});
    if (!keeps) return;
    if (inner_layers_ > 0) inner_ = make_lane_buffer<Real>(layer_ * network.depth() * inner_layers_);
    if (network.flip() > 0) flips_.resize((network.depth() + 1) * widest * kFlipBytes);
    skip_.resize((network.depth() + 1) * kBlock);
    residual_.resize((network.depth() + 1) * kBlock);
  }

  /// Layer l's pre-activations y_l: lanes of neuron 0, of neuron 1, ...
  Real* y(std::size_t l) { return y_.get() + (keeps_ ? l * layer_ : 0); }
  /// The normals that are the inner layer's pre-activations but for their scale, in layer l = 1..d; null if not kept.
  Real* inner(std::size_t l, std::size_t layer) {
    return keeps_ ? inner_.get() + ((l - 1) * inner_layers_ + layer - 1) * layer_ : nullptr;
  }
  /// Bits of the lanes in which the signs of layer l differ from layer l - 1's; null if not kept, or none ever does.
  std::uint8_t* flips(std::size_t l) { return flips_.empty() ? nullptr : &flips_[l * widest_ * kFlipBytes]; }

  /// The scales of y_l = skip F y_{l-1} + residual g_l, F the flips, lane by lane.
  void keep_scales(std::size_t l, const Real* skip, const Real* residual) {
    if (!keeps_) return;
    std::copy_n(skip, kBlock, &skip_[l * kBlock]);
    std::copy_n(residual, kBlock, &residual_[l * kBlock]);
  }
  const double* skip(std::size_t l) const { return &skip_[l * kBlock]; }
  const double* residual(std::size_t l) const { return &residual_[l * kBlock]; }

 private:
  bool keeps_;
  std::size_t layer_;
  std::size_t widest_;
  std::size_t inner_layers_;
  LaneBuffer<Real> y_;
  LaneBuffer<Real> inner_;
  std::vector<std::uint8_t> flips_;
  std::vector<double> skip_;
  std::vector<double> residual_;
};

}  // namespace initlaw
