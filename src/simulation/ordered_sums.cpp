#include "simulation/ordered_sums.hpp"

#include <fmt/core.h>

#include <stdexcept>
#include <utility>

namespace initlaw {

void Statistics::merge(const Statistics& other) {
  accumulator.merge(other.accumulator);
  if (pairs) pairs->merge(*other.pairs);
  if (gradients) gradients->merge(*other.gradients);
}

OrderedSums::OrderedSums(std::uint64_t first, Statistics empty, std::vector<Histogram> histograms)
    : first_(first), end_(first), empty_(std::move(empty)), histograms_(std::move(histograms)) {}

void OrderedSums::append(Run run) {
  end_ += run.chunks;
  runs_.push_back(std::move(run));
  while (runs_.size() > 1) {
    Run& left = runs_[runs_.size() - 2];
    const Run& right = runs_.back();
    const std::uint64_t begin = end_ - right.chunks - left.chunks;
    if (left.chunks != right.chunks || begin % (2 * left.chunks) != 0) return;
    left.statistics.merge(right.statistics);
    left.chunks *= 2;
    runs_.pop_back();
  }
}

void OrderedSums::append(const Chunk& chunk) {
  append({1, chunk.statistics});
  for (std::size_t i = 0; i < histograms_.size(); ++i) histograms_[i].add(chunk.numbers[i]);
}

void OrderedSums::append(const OrderedSums& next) {
  if (next.first_ != end_) {
    throw std::invalid_argument(fmt::format("sums: begin at chunk {}, and must begin at {}", next.first_, end_));
  }
  for (const Run& run : next.runs_) append(run);
  for (std::size_t i = 0; i < histograms_.size(); ++i) histograms_[i].merge(next.histograms_[i]);
}

Statistics OrderedSums::statistics() const {
  Statistics total = empty_;
  for (const Run& run : runs_) total.merge(run.statistics);
  return total;
}

}  // namespace initlaw
