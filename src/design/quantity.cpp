#include "design/quantity.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

#include "comparison/best_law.hpp"
#include "comparison/output_size.hpp"
#include "initlaw/compare.hpp"
#include "initlaw/gradient_limit.hpp"
#include "initlaw/limit.hpp"

namespace initlaw {
namespace {

double quantity_of(const Law& law, const Law& at_infinite_width, const Target& target) {
  switch (target.quantity()) {
    case Quantity::kVariance:
      return law.variance();
    case Quantity::kQuantileRatio:
      return std::exp(log_quantile_ratio(law));
    case Quantity::kOverflow:
      return chance_above(law, target.limit());
    case Quantity::kUnderflow:
      return chance_below(law, target.limit());
    case Quantity::kKsToGaussian:
      return kolmogorov_smirnov(law, at_infinite_width);
  }
  return 0;
}

double quantity_of(const GradientLaw& law, const Target& target) {
  const double log_limit2 = 2 * std::log(target.limit());
  switch (target.quantity()) {
    case Quantity::kVariance:
      return law.variance();
    case Quantity::kQuantileRatio:
      return std::exp((law.quantile(kHighQuantile) - law.quantile(kLowQuantile)) / 2);
    case Quantity::kOverflow:
      return law.survival(log_limit2);
    default:
      return law.cdf(log_limit2);
  }
}

/// Of a gradient whose growth is no random number.
double quantity_of_certain(double log_growth2, const Target& target) {
  const double log_limit2 = 2 * std::log(target.limit());
  switch (target.quantity()) {
    case Quantity::kVariance:
      return 0;
    case Quantity::kQuantileRatio:
      return 1;
    case Quantity::kOverflow:
      return log_growth2 > log_limit2 ? 1 : 0;
    default:
      return log_growth2 < log_limit2 ? 1 : 0;
  }
}

/// Throws if a law's tails do not reach as far as the target's risk.
void require_resolved(const BestLaw& best, const Target& target) {
  constexpr double kSmallestExactTail = 1e-14;
  const bool is_risk = target.quantity() == Quantity::kOverflow || target.quantity() == Quantity::kUnderflow;
  if (is_risk && best.law.kind.key == "exact" && target.at_most() < kSmallestExactTail) {
    throw std::invalid_argument(
        fmt::format("risk: {} is less than {}, the smallest that the exact law of a network without skip path resolves",
                    target.at_most(), kSmallestExactTail));
  }
}

/// Whether layers only scale, to what a double holds of a square.
bool has_no_residual_branch(const Network& network) {
  constexpr double kNegligible = 1e-130;
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    if (std::abs(network.lambda(l)) > kNegligible * std::abs(network.alpha(l))) return false;
  }
  return true;
}

}  // namespace

PredictedQuantity predicted_quantity(const Network& network, const Input& input, const Target& target) {
  if (!target.gradient()) {
    const BestLaw best = best_law(network, input);
    require_resolved(best, target);
    return {quantity_of(best.law.law, infinite_width(network, input), target), best.law.kind.key, best.accuracy,
            best.error};
  }
  // Gradients of layers that only scale have no law, and need none.
  if (has_no_residual_branch(network)) {
    return {quantity_at_infinite_width(network, input, target), "gradient", LawAccuracy::kBounded, 0};
  }
  const GradientLimit limit = gradient_limit(network);
  const bool random = target.gradient() == OutputDirection::kRandom;
  return {quantity_of(random ? limit.random : limit.orthogonal, target), "gradient", LawAccuracy::kFirstOrder,
          std::nullopt};
}

double quantity_at_infinite_width(const Network& network, const Input& input, const Target& target) {
  const Law law = infinite_width(network, input);
  if (!target.gradient()) return quantity_of(law, law, target);
  return quantity_of_certain(law.log_second_moment() - input.log_mean_square(network), target);
}

}  // namespace initlaw
