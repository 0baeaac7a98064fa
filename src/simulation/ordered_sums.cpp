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

void count(const Distributions<std::vector<double>>& numbers, Distributions<Histogram>& histograms) {
  histograms.zip(numbers, [](Histogram& histogram, const std::vector<double>& some) { histogram.add(some); });
}

OrderedSums::OrderedSums(std::uint64_t first, Statistics empty, Distributions<Histogram> histograms)
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
  count(chunk.numbers, histograms_);
}

void OrderedSums::append(const OrderedSums& next) {
  if (next.first_ != end_) {
    throw std::invalid_argument(fmt::format("sums: begin at chunk {}, and must begin at {}", next.first_, end_));
  }
  for (const Run& run : next.runs_) append(run);
  histograms_.zip(next.histograms_, [](Histogram& histogram, const Histogram& other) { histogram.merge(other); });
}

Statistics OrderedSums::statistics() const {
  Statistics total = empty_;
  for (const Run& run : runs_) total.merge(run.statistics);
  return total;
}

}  // namespace initlaw
