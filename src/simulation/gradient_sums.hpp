#pragma once

#include <vector>

#include "engine/engine.hpp"
#include "initlaw/simulate.hpp"
#include "simulation/distributions.hpp"

namespace initlaw {

using GradientHistograms = Distributions<Histogram>::Gradient;

/// Empty histograms. As output_histogram(), their bounds depend on nothing random.
GradientHistograms gradient_histograms(const Network& network, const Input& input);

/// Statistics of gradients. Its size does not depend on their number.
class GradientSums {
 public:
  GradientSums(const Network& network, const Input& input);

  /// The three numbers of one gradient that histograms count.
  struct Logarithms {
    double growth;
    double input_norm2;
    double ntk;
  };

  /// Adds the gradients of a block's first `count` networks. Returns those that did not vanish.
  std::vector<Logarithms> add(const Block& block, std::size_t count);
  /// As if the other's gradients had been added after this one's.
  void merge(const GradientSums& other);

  /// `histograms` are filled gradient_histograms(). Empty if no network lived.
  std::optional<Gradients> gradients(GradientHistograms histograms) const;

  /// As Accumulator::serialize.
  template <typename Archive>
  void serialize(Archive& archive) {
    archive(vanished_, growth_, growth_and_G_, log_input_norm2_, log_ntk_, ntk_, layers_, output_share_);
  }

 private:
  struct Layer {
    Moments log_norm2;
    Moments log_weight2;
    Moments share;

    template <typename Archive>
    void serialize(Archive& archive) {
      archive(log_norm2, log_weight2, share);
    }
  };

  double log_input_;
  std::uint64_t vanished_ = 0;
  Moments growth_;
  JointMoments growth_and_G_;
  Moments log_input_norm2_;
  Moments log_ntk_;
  LogMean ntk_;
  std::vector<Layer> layers_;
  Moments output_share_;
};

}  // namespace initlaw
