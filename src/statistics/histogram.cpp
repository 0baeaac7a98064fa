#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "initlaw/statistics.hpp"
#include "statistics/none.hpp"

namespace initlaw {
namespace {

void require_probability(double p) {
  if (!(p >= 0 && p <= 1)) throw std::invalid_argument(fmt::format("p: {} is out of range [0, 1]", p));
}

}  // namespace

Histogram::Histogram(double low, double high) : low_(low), bin_width_((high - low) / static_cast<double>(kBins)) {
  if (!(std::isfinite(low) && std::isfinite(high) && low < high)) {
    throw std::invalid_argument(fmt::format("histogram: [{}, {}] is not a range of finite numbers", low, high));
  }
}

std::size_t Histogram::bin_of(double x) const {
  return static_cast<std::size_t>(std::clamp((x - low_) / bin_width_, 0.0, static_cast<double>(kBins - 1)));
}

std::span<const std::uint64_t> Histogram::counts() const {
  if (count_ == 0) return {};
  const std::size_t first = bin_of(smallest_);
  return std::span(counts_).subspan(first - window_, bin_of(largest_) - first + 1);
}

void Histogram::reach(std::size_t first, std::size_t last) {
  if (!counts_.empty() && first >= window_ && last < window_ + counts_.size()) return;
  const std::size_t margin = counts_.size() / 2 + 64;
  const std::size_t begin = counts_.empty() ? first : std::min(first, window_);
  const std::size_t end = std::max(last + 1, counts_.empty() ? 0 : window_ + counts_.size());
  const std::size_t new_window = begin == window_ && !counts_.empty() ? begin : begin - std::min(begin, margin);
  const std::size_t new_end = std::min(kBins, end + margin);
  std::vector<std::uint64_t> grown(new_end - new_window);
  std::copy(counts_.begin(), counts_.end(),
            grown.begin() + static_cast<std::ptrdiff_t>(counts_.empty() ? 0 : window_ - new_window));
  counts_ = std::move(grown);
  window_ = new_window;
}

void Histogram::add(std::span<const double> numbers) {
  if (numbers.empty()) return;
  if (std::any_of(numbers.begin(), numbers.end(), [](double x) { return std::isnan(x); })) {
    throw std::invalid_argument("histogram: nan belongs to no bin");
  }
  const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
  reach(bin_of(*least), bin_of(*most));
  for (const double x : numbers) ++counts_[bin_of(x) - window_];
  count_ += numbers.size();
  smallest_ = std::min(smallest_, *least);
  largest_ = std::max(largest_, *most);
}

void Histogram::merge(const Histogram& other) {
  if (low_ != other.low_ || bin_width_ != other.bin_width_) {
    throw std::invalid_argument("histogram: those to merge have other bounds");
  }
  if (other.count_ == 0) return;
  const auto counts = other.counts();
  const std::size_t first = other.first_bin();
  reach(first, first + counts.size() - 1);
  for (std::size_t i = 0; i < counts.size(); ++i) counts_[first - window_ + i] += counts[i];
  count_ += other.count_;
  smallest_ = std::min(smallest_, other.smallest_);
  largest_ = std::max(largest_, other.largest_);
}

std::vector<std::uint8_t> Histogram::packed_counts() const {
  std::vector<std::uint8_t> packed;
  const auto add = [&](std::uint64_t number) {
    for (; number >= 128; number /= 128) packed.push_back(static_cast<std::uint8_t>(128 + number % 128));
    packed.push_back(static_cast<std::uint8_t>(number));
  };
  std::uint64_t empty = 0;
  for (const std::uint64_t count : counts()) {
    if (count == 0) {
      ++empty;
      continue;
    }
    add(empty);
    add(count);
    empty = 0;
  }
  return packed;
}

void Histogram::unpack_counts(const std::vector<std::uint8_t>& packed) {
  auto byte = packed.begin();
  const auto next = [&] {
    std::uint64_t number = 0;
    for (unsigned shift = 0; byte != packed.end() && shift < 64; shift += 7) {
      number += std::uint64_t{*byte & 127u} << shift;
      if (*byte++ < 128) return number;
    }
    throw std::invalid_argument("histogram: its bytes are damaged");
  };
  counts_.clear();
  window_ = first_bin();
  while (byte != packed.end()) {
    const std::uint64_t empty = next();
    if (empty >= kBins - counts_.size()) throw std::invalid_argument("histogram: its bytes are damaged");
    counts_.resize(counts_.size() + static_cast<std::size_t>(empty) + 1);
    counts_.back() = next();
  }
  if (count_ > 0 && window_ + counts_.size() != bin_of(largest_) + 1) {
    throw std::invalid_argument("histogram: its bytes are damaged");
  }
}

std::vector<double> Histogram::quantiles(std::span<const double> p) const {
  std::for_each(p.begin(), p.end(), require_probability);
  if (count_ == 0) return std::vector<double>(p.size(), kNone);
  const auto counts = this->counts();
  std::vector<double> values;
  double below = 0;
  std::size_t i = 0;
  for (const double probability : p) {
    const double rank = probability * static_cast<double>(count_);
    while (i + 1 < counts.size() && below + static_cast<double>(counts[i]) < rank)
      below += static_cast<double>(counts[i++]);
    const double share = counts[i] == 0 ? 0 : (rank - below) / static_cast<double>(counts[i]);
    values.push_back(std::clamp(low_edge(first_bin() + i) + share * bin_width_, smallest_, largest_));
  }
  return values;
}

Estimate Histogram::quantile(double p) const {
  require_probability(p);
  if (count_ == 0) return {kNone, kNone};
  const double n = static_cast<double>(count_);
  const double deviation = std::sqrt(p * (1 - p) / n);
  const double around[] = {std::max(0.0, p - deviation), p, std::min(1.0, p + deviation)};
  const std::vector<double> values = quantiles(around);
  const bool has_neighbours = n * std::min(p, 1 - p) >= 10;
  return {values[1], has_neighbours ? (values[2] - values[0]) / 2 : kNone};
}

}  // namespace initlaw
