#include "statistics/histogram_builder.hpp"

#include <cmath>

namespace initlaw {
namespace {

Histogram histogram_of(const std::vector<double>& numbers) {
  Moments moments;
  moments.add(numbers);
  const double variance = numbers.size() > 1 ? moments.variance().value : 0;
  const double reach = 16 * std::sqrt(variance > 0 ? variance : 1);
  Histogram histogram(moments.mean().value - reach, moments.mean().value + reach);
  for (const double x : numbers) histogram.add(x);
  return histogram;
}

}  // namespace

void HistogramBuilder::add(double x) {
  constexpr std::size_t kEnough = 1000;
  if (histogram_) return histogram_->add(x);
  first_.push_back(x);
  if (first_.size() < kEnough) return;
  histogram_ = histogram_of(first_);
  first_.clear();
}

std::optional<Histogram> HistogramBuilder::histogram() const {
  if (histogram_ || first_.empty()) return histogram_;
  return histogram_of(first_);
}

}  // namespace initlaw
