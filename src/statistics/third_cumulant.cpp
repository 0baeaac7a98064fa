#include "statistics/third_cumulant.hpp"

#include <algorithm>
#include <cmath>

#include "statistics/none.hpp"

namespace initlaw {

Estimate third_cumulant(const Histogram& histogram) {
  if (histogram.count() < 2) return {kNone, kNone};
  const double count = static_cast<double>(histogram.count());
  const auto counts = histogram.counts();
  const auto mean_of = [&](const auto& function) {
    double sum = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const std::size_t bin = histogram.first_bin() + i;
      const double middle = (histogram.low_edge(bin) + histogram.low_edge(bin + 1)) / 2;
      if (counts[i] > 0) sum += static_cast<double>(counts[i]) * function(middle);
    }
    return sum / count;
  };
  const double mean = mean_of([](double x) { return x; });
  const auto central = [&](int power) { return mean_of([&](double x) { return std::pow(x - mean, power); }); };
  const double m2 = central(2);
  const double m3 = central(3);
  const double square_error = (central(6) - 6 * central(4) * m2 - m3 * m3 + 9 * m2 * m2 * m2) / count;
  return {m3, std::sqrt(std::max(0.0, square_error))};
}

}  // namespace initlaw
