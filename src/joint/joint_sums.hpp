#pragma once

#include <cstdint>
#include <vector>

#include "initlaw/several_inputs.hpp"
#include "initlaw/statistics.hpp"

namespace initlaw {

/// Statistics of several networks, each with all inputs in it, as JointEnsemble has them.
struct JointSums {
  JointSums(std::size_t inputs, const JointOptions& options);

  /// As if the other's networks had been added after these.
  void merge(const JointSums& other);

  /// Passes all numbers to an archive; what is read must be of as many inputs, pairs and layers.
  template <typename Archive>
  void serialize(Archive& archive) {
    const auto pass = [&](auto& statistics) {
      for (auto& each : statistics) archive(each);
    };
    pass(growth);
    pass(growth_difference);
    pass(growths);
    for (std::vector<Moments>& layer : cosine) pass(layer);
    for (std::vector<Moments>& layer : log_tangent) pass(layer);
    pass(last_log_tangent);
    pass(angle_and_growth);
    pass(output_covariance);
  }

  std::vector<Moments> growth;
  std::vector<Moments> growth_difference;
  std::vector<JointMoments> growths;
  std::vector<std::vector<Moments>> cosine;
  std::vector<std::vector<Moments>> log_tangent;
  std::vector<Histogram> last_log_tangent;
  std::vector<JointMoments> angle_and_growth;
  std::vector<Moments> output_covariance;
};

/// The statistics of consecutive chunks.
///
/// A floating-point sum depends on the grouping of its terms, so the grouping is fixed: from chunk 0 on, one is merged
/// after the other. Chunks of which others come before are kept one by one until they are appended to those.
class OrderedJointSums {
 public:
  /// Of no chunk; the next to append is `first`.
  OrderedJointSums(std::uint64_t first, JointSums empty);

  /// The chunk to append next.
  std::uint64_t end() const { return end_; }
  /// Appends chunk end().
  void append(JointSums chunk);
  /// Appends the sums of the chunks that follow. Throws std::invalid_argument unless it begins at end().
  void append(OrderedJointSums next);

  /// The statistics of all chunks, which must begin at chunk 0.
  JointSums total() &&;

  /// Passes all that depends on the samples to an archive; what is read replaces what there was.
  template <typename Archive>
  void serialize(Archive& archive) {
    archive(first_, end_);
    parts_.resize(static_cast<std::size_t>(first_ == 0 ? end_ > 0 : end_ - first_), empty_);
    for (JointSums& part : parts_) archive(part);
  }

 private:
  std::uint64_t first_;
  std::uint64_t end_;
  JointSums empty_;
  std::vector<JointSums> parts_;  ///< one of all chunks if they begin at chunk 0, else one a chunk
};

}  // namespace initlaw
