#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <vector>

#include "initlaw/compare.hpp"

namespace initlaw {

double kolmogorov_smirnov(const Law& a, const Law& b) {
  constexpr int kPoints = 60;
  std::vector<double> points;
  for (const Law* law : {&a, &b}) {
    const double deviation = std::sqrt(law->variance());
    for (int i = 0; i <= kPoints; ++i) points.push_back(law->mean() + (10.0 * i / kPoints - 5) * deviation);
  }
  std::sort(points.begin(), points.end());
  const auto closeness = [&](double x) { return -std::abs(a.cdf(x) - b.cdf(x)); };
  std::vector<double> found;
  found.reserve(points.size());
  for (const double x : points) found.push_back(closeness(x));
  const auto largest = std::min_element(found.begin(), found.end()) - found.begin();
  const auto before = points[static_cast<std::size_t>(std::max<std::ptrdiff_t>(largest - 1, 0))];
  const auto behind = points[std::min(static_cast<std::size_t>(largest + 1), points.size() - 1)];
  constexpr int kBits = 16;  // the distance is flat at its largest: twice as many bits of itself
  const auto [x, refined] = boost::math::tools::brent_find_minima(closeness, before, behind, kBits);
  return -std::min(refined, found[static_cast<std::size_t>(largest)]);
}

}  // namespace initlaw
