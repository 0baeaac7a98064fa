#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "initlaw/statistics.hpp"

namespace initlaw {

Histogram::Histogram(double low, double high)
    : low_(low), bin_width_((high - low) / static_cast<double>(kBins)), bins_(kBins) {
  if (!(std::isfinite(low) && std::isfinite(high) && low < high)) {
    throw std::invalid_argument(fmt::format("histogram: [{}, {}] is not a range of finite numbers", low, high));
  }
}

void Histogram::add(double x) {
  const double position = std::clamp((x - low_) / bin_width_, 0.0, static_cast<double>(kBins - 1));
  ++bins_[static_cast<std::size_t>(position)];
  ++count_;
  smallest_ = std::min(smallest_, x);
  largest_ = std::max(largest_, x);
}

double Histogram::quantile_value(double p) const {
  const double rank = p * static_cast<double>(count_);
  double below = 0;
  std::size_t bin = 0;
  while (bin + 1 < kBins && below + static_cast<double>(bins_[bin]) < rank) below += static_cast<double>(bins_[bin++]);
  const double share = bins_[bin] == 0 ? 0 : (rank - below) / static_cast<double>(bins_[bin]);
  return std::clamp(low_edge(bin) + share * bin_width_, smallest_, largest_);
}

Estimate Histogram::quantile(double p) const {
  if (count_ == 0) return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  const double n = static_cast<double>(count_);
  const double deviation = std::sqrt(p * (1 - p) / n);
  const double low = quantile_value(std::max(0.0, p - deviation));
  const double high = quantile_value(std::min(1.0, p + deviation));
  const bool has_neighbours = n * std::min(p, 1 - p) >= 2;
  return {quantile_value(p), has_neighbours ? (high - low) / 2 : std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace initlaw
