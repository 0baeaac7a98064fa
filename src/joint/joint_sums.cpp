#include "joint/joint_sums.hpp"

#include <fmt/core.h>

#include <stdexcept>
#include <utility>

namespace initlaw {

JointSums::JointSums(std::size_t inputs, const JointOptions& options)
    : growth(inputs),
      growth_difference(options.pairs.size()),
      growths(options.pairs.size()),
      cosine(options.layers.size(), std::vector<Moments>(options.pairs.size())),
      log_tangent(cosine),
      last_log_tangent(options.pairs.size(), Histogram(-kLargestLogTangent, kLargestLogTangent)),
      angle_and_growth(options.pairs.size()),
      output_covariance(options.pairs.size()) {}

void JointSums::merge(const JointSums& other) {
  const auto merge_all = [](auto& ones, const auto& others) {
    for (std::size_t i = 0; i < ones.size(); ++i) ones[i].merge(others[i]);
  };
  merge_all(growth, other.growth);
  merge_all(growth_difference, other.growth_difference);
  merge_all(growths, other.growths);
  for (std::size_t k = 0; k < cosine.size(); ++k) {
    merge_all(cosine[k], other.cosine[k]);
    merge_all(log_tangent[k], other.log_tangent[k]);
  }
  merge_all(last_log_tangent, other.last_log_tangent);
  merge_all(angle_and_growth, other.angle_and_growth);
  merge_all(output_covariance, other.output_covariance);
}

OrderedJointSums::OrderedJointSums(std::uint64_t first, JointSums empty)
    : first_(first), end_(first), empty_(std::move(empty)) {}

void OrderedJointSums::append(JointSums chunk) {
  if (first_ == 0 && end_ > 0) {
    parts_[0].merge(chunk);
  } else {
    parts_.push_back(std::move(chunk));
  }
  ++end_;
}

void OrderedJointSums::append(OrderedJointSums next) {
  if (next.first_ != end_) {
    throw std::invalid_argument(fmt::format("sums: begin at chunk {}, and must begin at {}", next.first_, end_));
  }
  for (JointSums& part : next.parts_) append(std::move(part));
  end_ = next.end_;
}

JointSums OrderedJointSums::total() && { return parts_.empty() ? std::move(empty_) : std::move(parts_[0]); }

}  // namespace initlaw
