#include "network/network_scales.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <numeric>

#include "network/memory.hpp"
#include "network/root_of_squares.hpp"

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
  const double r = root_of_squares(alpha, lambda);
  const double ratio = lambda / alpha;
  return {.log_r2 = log_sum_of_squares(alpha, lambda) + 2 * unit * std::numbers::ln2,
          .a = alpha / r,
          .sqrt_t = lambda / r,
          .log_abs_a = std::abs(ratio) < 1 ? -0.5 * std::log1p(ratio * ratio) : std::log(std::abs(alpha / r))};
}

double neurons(const Network& network) {
  const auto& widths = network.widths().values();
  if (network.widths().is_constant()) return static_cast<double>(widths[0]) * static_cast<double>(network.depth() + 1);
  return std::accumulate(widths.begin(), widths.end(), 0.0);
}

NetworkScales::NetworkScales(const Network& network) {
  const std::size_t depth = network.depth();
  const std::size_t distinct = network.alphas().is_constant() && network.lambdas().is_constant() ? 1 : depth;
  require_memory(fmt::format("depth {}: the layers' scales", depth),
                 static_cast<double>(depth) * sizeof(double) + static_cast<double>(distinct) * sizeof(LayerScale));
  layers_.reserve(distinct);
  for (std::size_t l = 1; l <= distinct; ++l) layers_.push_back(layer_scale(network, l));
  log_growth_.reserve(depth + 1);
  log_growth_.push_back(0);
  for (std::size_t l = 1; l <= depth; ++l) log_growth_.push_back(log_growth_.back() + layer(l).log_r2);
}

}  // namespace initlaw
