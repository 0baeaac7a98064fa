#include "initlaw/finite_width.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "law/finite_width_law.hpp"
#include "law/pearson_law.hpp"
#include "law/second_order.hpp"
#include "law/third_order.hpp"
#include "network/standard_architecture.hpp"
#include "statistics/none.hpp"

namespace initlaw {
namespace {

/// With terms of ln E e^{tG} added: kappa_k is k! times the coefficient of t^k.
LogNormCumulants plus(LogNormCumulants cumulants, const MomentPolynomial& terms) {
  cumulants.mean += terms[1];
  cumulants.variance += 2 * terms[2];
  cumulants.third += 6 * terms[3];
  cumulants.fourth += 24 * terms[4];
  return cumulants;
}

/// From skewness 2 on a variable of Pearson's type III has its mode at the end of its range, where the log-norm has
/// none.
bool have_a_shape(const LogNormCumulants& G) {
  return G.variance > 0 && G.third * G.third < 4 * G.variance * G.variance * G.variance;
}

/// An output is a mixture of Gaussians, whose kurtosis is not less than a Gaussian's.
bool make_a_law(const LogNormCumulants& G) { return have_a_shape(G) && G.log_moment(2) >= 2 * G.log_moment(1); }

}  // namespace

LogNormCumulants first_order(const LogNormGrowth& growth) {
  return {.mean = growth.mean, .variance = growth.variance, .third = 0, .fourth = 0};
}

std::vector<LogNormCumulants> with_second_order(const Network& network, const std::vector<LogNormGrowth>& growth) {
  const auto terms = second_order_by_layer(network);
  std::vector<LogNormCumulants> cumulants;
  cumulants.reserve(growth.size());
  for (std::size_t l = 0; l < growth.size(); ++l) cumulants.push_back(plus(first_order(growth[l]), terms[l]));
  return cumulants;
}

LogNormCumulants with_third_order(const Network& network, const LogNormCumulants& second) {
  return plus(second, recursion_terms_by_layer(network).back().third);
}

LogNormCumulants log_norm_cumulants(const Network& network, FiniteWidthOrder order) {
  require_standard_architecture(network, "cumulants beyond the log-Gaussian limit");
  LogNormCumulants cumulants = first_order(log_gaussian_growth(network));
  if (order >= FiniteWidthOrder::kSecond) cumulants = plus(cumulants, second_order(network));
  return order >= FiniteWidthOrder::kThird ? with_third_order(network, cumulants) : cumulants;
}

std::vector<LogNormCumulants> log_norm_cumulants_by_layer(const Network& network, FiniteWidthOrder order) {
  require_standard_architecture(network, "cumulants beyond the log-Gaussian limit");
  const auto growth = log_gaussian_growth_by_layer(network);
  std::vector<LogNormCumulants> cumulants;
  if (order == FiniteWidthOrder::kFirst) {
    for (const LogNormGrowth& G : growth) cumulants.push_back(first_order(G));
    return cumulants;
  }
  cumulants = with_second_order(network, growth);
  if (order == FiniteWidthOrder::kSecond) return cumulants;
  const auto terms = recursion_terms_by_layer(network);
  for (std::size_t l = 0; l < cumulants.size(); ++l) cumulants[l] = plus(cumulants[l], terms[l].third);
  return cumulants;
}

std::optional<Law> law_of_shape(const Network& network, const Input& input, const LogNormCumulants& growth) {
  if (!have_a_shape(growth)) return std::nullopt;
  LogNormCumulants cumulants = growth;
  cumulants.mean += input.log_mean_square(network);
  return make_law(std::make_shared<PearsonLaw>(cumulants, network.outputs()));
}

std::optional<Law> finite_width_law(const Network& network, const Input& input, const LogNormCumulants& growth) {
  return make_a_law(growth) ? law_of_shape(network, input, growth) : std::nullopt;
}

bool has_finite_width_law(const Network& network, FiniteWidthOrder order) {
  return network.has_standard_architecture() && make_a_law(log_norm_cumulants(network, order));
}

Law finite_width(const Network& network, const Input& input, FiniteWidthOrder order) {
  const LogNormCumulants cumulants = log_norm_cumulants(network, order);
  if (auto law = finite_width_law(network, input, cumulants)) return *std::move(law);
  throw std::invalid_argument(fmt::format(
      "network: is too narrow for a law of finite width: to this order in 1/n its variance is {:.3g} and its "
      "third cumulant {:.3g}; a larger width has one",
      cumulants.variance, cumulants.third));
}

double third_order_error(const Network& network) {
  require_standard_architecture(network, "cumulants beyond the log-Gaussian limit");
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
  require_standard_architecture(network, "activity beyond first order");
  return layer_activity(network, layer_sums(network));
}

std::vector<LayerActivity> layer_activity(const Network& network, const LayerSums& sums) {
  // What no layer before it has tilted is symmetric around 0 at every width.
  const auto is_symmetric = [](double excess) { return excess == 0; };
  std::vector<LayerActivity> result(network.depth(), {.hypoactivation = 0, .active_fraction = 0.5});
  if (std::all_of(sums.active_excess.begin(), sums.active_excess.end(), is_symmetric)) return result;
  const auto fractions = active_fraction(network, sums);
  const auto series = activity_series(network);
  for (std::size_t l = 0; l < series.size(); ++l) {
    if (is_symmetric(sums.active_excess[l])) continue;
    const double n = static_cast<double>(network.width(l));
    const auto& [S, excess] = series[l];
    const double hypoactivation = sums.hypoactivation[l] + (S[2] + S[3] / n) / n;
    const double fraction = fractions[l] + (excess[2] + excess[3] / n) / (2 * n * n);
    result[l] = {.hypoactivation = hypoactivation > -n ? hypoactivation : kNone,
                 .active_fraction = fraction > 0 && fraction < 1 ? fraction : kNone};
  }
  return result;
}

}  // namespace initlaw
