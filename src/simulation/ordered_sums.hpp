#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "initlaw/statistics.hpp"
#include "simulation/accumulator.hpp"
#include "simulation/antithetic.hpp"
#include "simulation/distributions.hpp"
#include "simulation/gradient_sums.hpp"

namespace initlaw {

/// Statistics of networks, of antithetic pairs if they come in pairs, and of their gradients if these are simulated.
struct Statistics {
  Accumulator accumulator;
  std::optional<AntitheticSums> pairs;
  std::optional<GradientSums> gradients;

  void merge(const Statistics& other);

  /// As Accumulator::serialize.
  template <typename Archive>
  void serialize(Archive& archive) {
    archive(accumulator);
    if (pairs) archive(*pairs);
    if (gradients) archive(*gradients);
  }
};

/// Adds numbers to histograms.
void count(const Distributions<std::vector<double>>& numbers, Distributions<Histogram>& histograms);

/// What some consecutive samples measured.
struct Chunk {
  Statistics statistics;
  Distributions<std::vector<double>> numbers;
};

/// The statistics of consecutive chunks.
///
/// A floating-point sum depends on the grouping of its terms, so the grouping is fixed: two neighbouring runs of 2^j
/// chunks are merged if the first begins at a multiple of 2^{j+1}, and no others are. So runs of chunks can be
/// simulated anywhere and appended in their order, and the sums are the same to the last bit. At most log2(chunks) + 1
/// statistics are kept.
class OrderedSums {
 public:
  /// Of no chunk; the next to append is `first`.
  OrderedSums(std::uint64_t first, Statistics empty, Distributions<Histogram> histograms);

  /// The chunk to append next.
  std::uint64_t end() const { return end_; }
  /// Appends chunk end().
  void append(const Chunk& chunk);
  /// Appends the sums of the chunks that follow. Throws std::invalid_argument unless it begins at end().
  void append(const OrderedSums& next);

  /// The statistics of all chunks, in the one grouping there is.
  Statistics statistics() const;
  Distributions<Histogram> histograms() && { return std::move(histograms_); }

  /// Passes all that depends on the samples to an archive; what is read replaces what there was.
  template <typename Archive>
  void serialize(Archive& archive) {
    archive(first_, end_);
    archive(histograms_.log_output_norm2, histograms_.log_output_square);
    if (auto& gradient = histograms_.gradient) archive(gradient->growth, gradient->log_input_norm2, gradient->log_ntk);
    std::uint64_t runs = runs_.size();
    archive(runs);
    runs_.resize(static_cast<std::size_t>(runs), {0, empty_});
    for (auto& [chunks, statistics] : runs_) archive(chunks, statistics);
  }

 private:
  struct Run {
    std::uint64_t chunks;
    Statistics statistics;
  };
  void append(Run run);

  std::uint64_t first_;
  std::uint64_t end_;
  Statistics empty_;
  std::vector<Run> runs_;
  Distributions<Histogram> histograms_;
};

}  // namespace initlaw
