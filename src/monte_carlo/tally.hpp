#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "initlaw/statistics.hpp"
#include "monte_carlo/accumulator.hpp"
#include "monte_carlo/pairs.hpp"

namespace initlaw {

/// Statistics of networks, and of their pairs if they come in pairs.
struct Statistics {
  Accumulator accumulator;
  std::optional<Pairs> pairs;

  void merge(const Statistics& other);

  /// As Accumulator::serialize.
  template <typename Archive>
  void serialize(Archive& archive) {
    archive(accumulator);
    if (pairs) archive(*pairs);
  }
};

/// What some consecutive samples measured.
struct Chunk {
  Statistics statistics;
  std::vector<double> log_output_norm2;   ///< of the living networks
  std::vector<double> log_output_square;  ///< of their first output
};

/// The statistics of consecutive chunks.
///
/// Floating-point sums depend on their grouping, so there is one: statistics are merged of two neighbours of 2^j chunks
/// of which the first begins at a multiple of 2^{j+1}. Runs of chunks can be simulated anywhere and appended in their
/// order: the sums are the same to the last bit. At most log2(chunks) + 1 statistics are kept.
class Tally {
 public:
  /// Of no chunk; the next to append is `first`.
  Tally(std::uint64_t first, Statistics empty, Histogram log_output_norm2, Histogram log_output_square);

  /// The chunk to append next.
  std::uint64_t end() const { return end_; }
  /// Appends chunk end().
  void append(const Chunk& chunk);
  /// Appends another tally. Throws std::invalid_argument unless it begins at end().
  void append(const Tally& next);

  /// The statistics of all chunks, in the one grouping there is.
  Statistics statistics() const;
  /// Of ln||z_out||^2, and of the logarithm of the first output's square.
  std::pair<Histogram, Histogram> histograms() && {
    return {std::move(log_output_norm2_), std::move(log_output_square_)};
  }

  /// Passes all that depends on the samples to an archive; what is read replaces what there was.
  template <typename Archive>
  void serialize(Archive& archive) {
    archive(first_, end_, log_output_norm2_, log_output_square_);
    std::uint64_t runs = runs_.size();
    archive(runs);
    runs_.resize(runs, {0, empty_});
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
  Histogram log_output_norm2_;
  Histogram log_output_square_;
};

}  // namespace initlaw
