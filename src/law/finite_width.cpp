#include "initlaw/finite_width.hpp"

#include "initlaw/limit.hpp"
#include "law/second_order.hpp"

namespace initlaw {
namespace {

LogNormCumulants first_order(const LogNormGrowth& growth) {
  return {.mean = growth.mean, .variance = growth.variance, .third = 0, .fourth = 0};
}

/// With terms of ln E e^{tG} added: kappa_k is k! times the coefficient of t^k.
LogNormCumulants operator+(LogNormCumulants cumulants, const MomentPolynomial& terms) {
  cumulants.mean += terms[1];
  cumulants.variance += 2 * terms[2];
  cumulants.third += 6 * terms[3];
  cumulants.fourth += 24 * terms[4];
  return cumulants;
}

}  // namespace

LogNormCumulants log_norm_cumulants(const Network& network, FiniteWidthOrder order) {
  LogNormCumulants cumulants = first_order(log_gaussian_growth(network));
  if (order >= FiniteWidthOrder::kSecond) cumulants = cumulants + second_order(network);
  return cumulants;
}

std::vector<LogNormCumulants> log_norm_cumulants_by_layer(const Network& network, FiniteWidthOrder order) {
  std::vector<LogNormCumulants> cumulants;
  for (const LogNormGrowth& growth : log_gaussian_growth_by_layer(network)) cumulants.push_back(first_order(growth));
  if (order >= FiniteWidthOrder::kSecond) {
    const auto terms = second_order_by_layer(network);
    for (std::size_t l = 0; l < cumulants.size(); ++l) cumulants[l] = cumulants[l] + terms[l];
  }
  return cumulants;
}

}  // namespace initlaw
