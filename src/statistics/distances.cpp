#include "statistics/distances.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace initlaw {
namespace {

constexpr std::size_t kIntervals = 4096;

/// Calls visit(x, F_N(x)) at the lower edge of every bin from the first to the last occupied one, and at the upper edge
/// of that one.
template <typename Visit>
void visit_edges(const Histogram& histogram, const Visit& visit) {
  const double count = static_cast<double>(histogram.count());
  std::size_t bin = histogram.first_bin();
  std::uint64_t below = 0;
  visit(histogram.low_edge(bin), 0.0);
  for (const std::uint64_t in_bin : histogram.counts()) {
    below += in_bin;
    visit(histogram.low_edge(++bin), static_cast<double>(below) / count);
  }
}

}  // namespace

TabulatedCdf::TabulatedCdf(double low, double high, const std::function<double(double)>& cdf,
                           const std::function<double(double)>& pdf)
    : low_(low), high_(high), step_((high - low) / kIntervals) {
  for (std::size_t i = 0; i <= kIntervals; ++i) {
    const double x = low + static_cast<double>(i) * step_;
    cdf_.push_back(cdf(x));
    slope_.push_back(pdf(x) * step_);
  }
}

double TabulatedCdf::operator()(double x) const {
  if (x <= low_) return 0;
  if (x >= high_) return 1;
  const double position = (x - low_) / step_;
  const auto i = std::min(static_cast<std::size_t>(position), kIntervals - 1);
  const double u = position - static_cast<double>(i);
  const double v = 1 - u;
  return v * v * ((1 + 2 * u) * cdf_[i] + u * slope_[i]) + u * u * ((1 + 2 * v) * cdf_[i + 1] - v * slope_[i + 1]);
}

Estimate kolmogorov_smirnov(const Histogram& histogram, const std::function<double(double)>& cdf) {
  struct Edge {
    std::size_t bin;
    double x, F_N, F;
  };
  const auto counts = histogram.counts();
  const double N = static_cast<double>(histogram.count());
  std::vector<std::uint64_t> below(counts.size() + 1);
  std::partial_sum(counts.begin(), counts.end(), below.begin() + 1);
  double largest = 0;
  std::uint64_t below_largest = 0;
  const auto edge = [&](std::size_t bin) {
    const double x = histogram.low_edge(histogram.first_bin() + bin);
    const Edge at{bin, x, static_cast<double>(below[bin]) / N, cdf(x)};
    if (const double distance = std::abs(at.F_N - at.F); distance > largest) {
      largest = distance;
      below_largest = below[bin];
    }
    return at;
  };
  std::vector<std::pair<Edge, Edge>> runs{{edge(0), edge(counts.size())}};
  while (!runs.empty()) {
    const auto [left, right] = runs.back();
    runs.pop_back();
    const double bound = std::max(right.F_N - left.F, right.F - left.F_N);
    if (right.bin - left.bin < 2 || bound <= largest) continue;
    const Edge middle = edge((left.bin + right.bin) / 2);
    runs.emplace_back(left, middle);
    runs.emplace_back(middle, right);
  }
  // Of samples that are all on one side the error is not 0: the next one may be on the other (Laplace's rule).
  const double p = (static_cast<double>(below_largest) + 1) / (N + 2);
  return {largest, std::sqrt(p * (1 - p) / N)};
}

double area_between(const Histogram& histogram, const TabulatedCdf& cdf, const std::function<double(double)>& weight) {
  double area = 0;
  double last_x = 0;
  double last_height = -1;
  const auto add = [&](double x, double height) {
    if (last_height >= 0) area += (x - last_x) * (height + last_height) / 2;
    last_x = x;
    last_height = height;
  };
  // Outside the samples the law's tails remain, on steps of the table's length.
  const auto add_law = [&](double from, double to, double share) {
    const double step = (cdf.high() - cdf.low()) / kIntervals;
    for (double x = from; x < to; x += step) add(x, std::abs(share - cdf(x)) * weight(x));
  };
  const double first_edge = std::min(histogram.smallest(), cdf.high());
  add_law(cdf.low(), first_edge, 0);
  visit_edges(histogram, [&](double x, double share) { add(x, std::abs(share - cdf(x)) * weight(x)); });
  add_law(last_x, cdf.high(), 1);
  return area;
}

}  // namespace initlaw
