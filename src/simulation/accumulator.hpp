#pragma once

#include <array>
#include <vector>

#include "engine/engine.hpp"
#include "initlaw/simulate.hpp"
#include "statistics/batch_ratio.hpp"

namespace initlaw {

/// What the statistics of any number of networks need to go on; its size does not depend on that number.
class Accumulator {
 public:
  Accumulator(const Network& network, const Input& input, std::vector<std::size_t> lags);

  /// Adds the first `count` networks of a block.
  void add(const Block& block, std::size_t count);
  /// As if the other's networks had been added after this one's.
  void merge(const Accumulator& other);

  std::uint64_t samples() const { return G_.count() + dead_; }
  Ensemble ensemble(const Network& network, const Input& input, const SimulationOptions& options) const;

  /// Passes the statistics to an archive; network, input and lags are those of the constructor.
  template <typename Archive>
  void serialize(Archive& archive) {
    archive(dead_, frozen_, G_, log_output_norm2_, output_, second_moment_, growth_, growth_square_, growth_cube_,
            layers_, covariances_);
  }

 private:
  struct Layer {
    Moments S;
    Moments active;
    Moments log_norm2;  ///< less ln(||x||^2/n_in)

    template <typename Archive>
    void serialize(Archive& archive) {
      archive(S, active, log_norm2);
    }
  };

  void add_output(const Block& block, std::size_t i);
  void add_covariances(const Block& block, const std::vector<std::size_t>& living);
  Estimate output_excess_kurtosis() const;

  double log_input_;
  double log_outputs_;
  bool has_final_norm_;
  double log_growth_;  ///< sum_l ln r_l^2, of what the output layer reads
  std::vector<double> root_widths_;
  std::vector<std::size_t> lags_;
  bool can_freeze_;
  std::uint64_t dead_ = 0;
  std::uint64_t frozen_ = 0;
  Moments G_;
  Moments log_output_norm2_;
  Moments output_;
  LogMean second_moment_;
  LogMean growth_;         ///< e^G, G of what the output layer reads
  LogMean growth_square_;  ///< e^{2G}
  LogMean growth_cube_;    ///< e^{3G}
  std::vector<Layer> layers_;
  /// For each lag, of blocks as batches: the sums of n (S_m - mean S_m)(S_{m+lag} - mean S_{m+lag}) over the living,
  /// averaged over m, and their number less one. The means are the block's own, so that no error of theirs is
  /// neglected.
  std::vector<BatchRatio> covariances_;
};

}  // namespace initlaw
