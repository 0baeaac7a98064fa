#include "comparison/output_size.hpp"

#include <cmath>

namespace initlaw {

double chance_above(const Law& law, double limit) {
  return (1 - law.dead_probability()) * 2 * law.output().survival(limit);
}

double chance_below(const Law& law, double limit) {
  const double dead = law.dead_probability();
  return dead + (1 - dead) * law.output().log_square().cdf(2 * std::log(limit));
}

double log_quantile_ratio(const Law& law) {
  const Law square = law.output().log_square();
  return (square.quantile(kHighQuantile) - square.quantile(kLowQuantile)) / 2;
}

}  // namespace initlaw
