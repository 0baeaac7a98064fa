#include "statistics/density.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace initlaw {

std::vector<Estimate> density(const Histogram& histogram, std::span<const double> edges) {
  const double bin_width = histogram.low_edge(1) - histogram.low_edge(0);
  const auto counts = histogram.counts();
  const double first = static_cast<double>(histogram.first_bin());
  const auto index_at = [&](double x) {
    const double bin = std::round((x - histogram.low_edge(0)) / bin_width);
    return static_cast<std::size_t>(std::clamp(bin - first, 0.0, static_cast<double>(counts.size())));
  };
  const auto N = static_cast<double>(histogram.count());
  std::vector<Estimate> densities;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const auto inside = counts.subspan(index_at(edges[i]), index_at(edges[i + 1]) - index_at(edges[i]));
    const double count = static_cast<double>(std::accumulate(inside.begin(), inside.end(), std::uint64_t{0}));
    const double width = edges[i + 1] - edges[i];
    densities.push_back({count / (N * width), std::sqrt(count * (1 - count / N)) / (N * width)});
  }
  return densities;
}

}  // namespace initlaw
