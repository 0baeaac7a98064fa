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

LayerScale layer_scale(double alpha_given, double lambda_given) {
  // Scales whose squares a double does not hold are counted in a power of two.
  constexpr int kSquaresInRange = 400;
  const int exponent = std::ilogb(std::max(std::abs(alpha_given), std::abs(lambda_given)));
  const int unit = std::abs(exponent) > kSquaresInRange ? exponent : 0;
  const double alpha = std::ldexp(alpha_given, -unit);
  const double lambda = std::ldexp(lambda_given, -unit);
  const double r = root_of_squares(alpha, lambda);
  const double ratio = lambda / alpha;
  return {.log_r2 = log_sum_of_squares(alpha, lambda) + 2 * unit * std::numbers::ln2,
          .a = alpha / r,
          .sqrt_t = lambda / r,
          .log_abs_a = std::abs(ratio) < 1 ? -0.5 * std::log1p(ratio * ratio) : std::log(std::abs(alpha / r))};
}

/// Of a layer whose branch is normalized, where z has the mean square e^log_square before.
LayerScale normalized_layer_scale(double alpha, double lambda, double log_square) {
  // A common factor of both scales keeps the smaller one in range.
  const double log_alpha = std::log(std::abs(alpha));
  const double log_lambda = std::log(std::abs(lambda)) - log_square / 2;
  const double log_factor = std::max(log_alpha, log_lambda);
  LayerScale scale = layer_scale(std::copysign(std::exp(log_alpha - log_factor), alpha),
                                 std::copysign(std::exp(log_lambda - log_factor), lambda));
  scale.log_r2 += 2 * log_factor;
  return scale;
}

}  // namespace

LayerScale layer_scale(const Network& network, std::size_t l) {
  return layer_scale(network.alpha(l), network.lambda(l));
}

double neurons(const Network& network) {
  const auto& widths = network.widths().values();
  if (network.widths().is_constant()) return static_cast<double>(widths[0]) * static_cast<double>(network.depth() + 1);
  return std::accumulate(widths.begin(), widths.end(), 0.0);
}

NetworkScales::NetworkScales(const Network& network, const Input& input) {
  const std::size_t depth = network.depth();
  const bool alike = network.alphas().is_constant() && network.lambdas().is_constant() && !network.is_normalized();
  const std::size_t distinct = alike ? 1 : depth;
  require_memory(fmt::format("depth {}: the layers' scales", depth),
                 static_cast<double>(depth) * sizeof(double) + static_cast<double>(distinct) * sizeof(LayerScale));
  layers_.reserve(distinct);
  double log_square = network.is_normalized() ? input.log_mean_square(network) : 0;
  for (std::size_t l = 1; l <= distinct; ++l) {
    layers_.push_back(network.is_normalized() ? normalized_layer_scale(network.alpha(l), network.lambda(l), log_square)
                                              : layer_scale(network, l));
    log_square += layers_.back().log_r2;
  }
  log_growth_.reserve(depth + 1);
  log_growth_.push_back(0);
  for (std::size_t l = 1; l <= depth; ++l) log_growth_.push_back(log_growth_.back() + layer(l).log_r2);
}

}  // namespace initlaw
