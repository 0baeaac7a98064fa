#include "initlaw/finite_width.hpp"

#include <algorithm>
#include <cmath>

#include "initlaw/limit.hpp"
#include "law/layer_sums.hpp"
#include "law/second_order.hpp"
#include "law/third_order.hpp"

namespace initlaw {
namespace {

LogNormCumulants first_order(const LogNormGrowth& growth) {
  return {.mean = growth.mean, .variance = growth.variance, .third = 0, .fourth = 0};
}

/// With terms of ln E e^{tG} added: kappa_k is k! times the coefficient of t^k.
LogNormCumulants plus(LogNormCumulants cumulants, const MomentPolynomial& terms) {
  cumulants.mean += terms[1];
  cumulants.variance += 2 * terms[2];
  cumulants.third += 6 * terms[3];
  cumulants.fourth += 24 * terms[4];
  return cumulants;
}

}  // namespace

LogNormCumulants log_norm_cumulants(const Network& network, FiniteWidthOrder order) {
  LogNormCumulants cumulants = first_order(log_gaussian_growth(network));
  if (order >= FiniteWidthOrder::kSecond) cumulants = plus(cumulants, second_order(network));
  if (order >= FiniteWidthOrder::kThird) cumulants = plus(cumulants, recursion_terms_by_layer(network).back().third);
  return cumulants;
}

std::vector<LogNormCumulants> log_norm_cumulants_by_layer(const Network& network, FiniteWidthOrder order) {
  std::vector<LogNormCumulants> cumulants;
  cumulants.reserve(network.depth() + 1);
  for (const LogNormGrowth& growth : log_gaussian_growth_by_layer(network)) cumulants.push_back(first_order(growth));
  if (order >= FiniteWidthOrder::kSecond) {
    const auto terms = second_order_by_layer(network);
    for (std::size_t l = 0; l < cumulants.size(); ++l) cumulants[l] = plus(cumulants[l], terms[l]);
  }
  if (order >= FiniteWidthOrder::kThird) {
    const auto terms = recursion_terms_by_layer(network);
    for (std::size_t l = 0; l < cumulants.size(); ++l) cumulants[l] = plus(cumulants[l], terms[l].third);
  }
  return cumulants;
}

double third_order_error(const Network& network) {
  const MomentPolynomial exact = second_order(network);
  const MomentPolynomial recursion = recursion_terms_by_layer(network).back().second;
  double largest = 0;
  double difference = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    largest = std::max(largest, std::abs(exact[i]));
    difference = std::max(difference, std::abs(recursion[i] - exact[i]));
  }
  return difference / largest;
}

std::vector<LayerActivity> layer_activity(const Network& network) {
  const LayerSums sums = layer_sums(network);
  const auto fractions = active_fraction(network, sums);
  const auto series = activity_series(network);
  std::vector<LayerActivity> result;
  result.reserve(series.size());
  for (std::size_t l = 0; l < series.size(); ++l) {
    const double n = static_cast<double>(network.width(l));
    const auto& [S, excess] = series[l];
    result.push_back({.hypoactivation = sums.hypoactivation[l] + (S[2] + S[3] / n) / n,
                      .active_fraction = fractions[l] + (excess[2] + excess[3] / n) / (2 * n * n)});
  }
  return result;
}

}  // namespace initlaw
