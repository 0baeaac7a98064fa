#include <fmt/core.h>

#include <cmath>
#include <stdexcept>
#include <string_view>

#include "initlaw/design.hpp"
#include "statistics/none.hpp"

namespace initlaw {
namespace {

/// Gradients' law is known to 1e-6.
constexpr double kSmallestGradientRisk = 1e-5;

double require_above(double low, std::string_view name, double value) {
  if (std::isfinite(value) && value > low) return value;
  throw std::invalid_argument(fmt::format("{}: {} is out of range; it must be a number above {}", name, value, low));
}

double require_between_0_and_1(std::string_view name, double value) {
  if (value > 0 && value < 1) return value;
  throw std::invalid_argument(fmt::format("{}: {} is out of range; it must be above 0 and below 1", name, value));
}

}  // namespace

Target Target::variance(double at_most) { return {Quantity::kVariance, require_above(0, "variance", at_most), kNone}; }

Target Target::quantile_ratio(double at_most) {
  return {Quantity::kQuantileRatio, require_above(1, "quantile-ratio", at_most), kNone};
}

Target Target::overflow(double limit, double risk) {
  require_above(0, "overflow", limit);
  return {Quantity::kOverflow, require_between_0_and_1("risk", risk), limit};
}

Target Target::underflow(double limit, double risk) {
  require_above(0, "underflow", limit);
  return {Quantity::kUnderflow, require_between_0_and_1("risk", risk), limit};
}

Target Target::ks_to_gaussian(double at_most) {
  return {Quantity::kKsToGaussian, require_between_0_and_1("ks-to-gaussian", at_most), kNone};
}

Target Target::of_gradient(OutputDirection direction) const {
  if (quantity_ == Quantity::kKsToGaussian) {
    throw std::invalid_argument(
        "ks-to-gaussian: a gradient's growth is no random number at infinite width, and has no distance from its law");
  }
  if ((quantity_ == Quantity::kOverflow || quantity_ == Quantity::kUnderflow) && at_most_ < kSmallestGradientRisk) {
    throw std::invalid_argument(fmt::format(
        "risk: {} is less than 1e-5; the law of gradients is known to 1e-6, and resolves no smaller risk", at_most_));
  }
  Target target = *this;
  target.gradient_ = direction;
  return target;
}

}  // namespace initlaw
