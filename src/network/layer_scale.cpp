#include "network/layer_scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace initlaw {
namespace {

/// ln(x^2 + y^2) of numbers whose squares are in range. The sum is taken in twice the precision, since a network of
/// 10^6 layers with r^2 near 1 adds up 10^6 such logarithms.
double log_sum_of_squares(double x, double y) {
  const double x2 = x * x;
  const double y2 = y * y;
  const double sum = x2 + y2;
  const double larger = std::max(x2, y2);
  const double rounding = std::fma(x, x, -x2) + std::fma(y, y, -y2) + (std::min(x2, y2) - (sum - larger));
  return std::log(sum) + rounding / sum;
}

}  // namespace

LayerScale layer_scale(const Network& network, std::size_t l) {
  // Scales whose squares a double does not hold are counted in a power of two.
  constexpr int kSquaresInRange = 400;
  const int exponent = std::ilogb(std::max(std::abs(network.alpha(l)), std::abs(network.lambda(l))));
  const int unit = std::abs(exponent) > kSquaresInRange ? exponent : 0;
  const double alpha = std::ldexp(network.alpha(l), -unit);
  const double lambda = std::ldexp(network.lambda(l), -unit);
  const double r = std::hypot(alpha, lambda);
  const double ratio = lambda / alpha;
  return {.log_r2 = log_sum_of_squares(alpha, lambda) + 2 * unit * std::numbers::ln2,
          .a = alpha / r,
          .sqrt_t = lambda / r,
          .log_abs_a = std::abs(ratio) < 1 ? -0.5 * std::log1p(ratio * ratio) : std::log(std::abs(alpha / r))};
}

}  // namespace initlaw
