#include "comparison/regime.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "comparison/changed_network.hpp"
#include "comparison/output_size.hpp"
#include "initlaw/limit.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

/// ln of the square of a factor of 10.
constexpr double kLogHundred = 2 * std::numbers::ln10;

/// Laws of networks with normalization cost O(d^2).
constexpr std::size_t kDeepestNormalized = 2000;

double depth_over_width(const Network& network) {
  if (network.widths().is_constant())
    return static_cast<double>(network.depth()) / static_cast<double>(network.width(0));
  double sum = 0;
  for (std::size_t l = 1; l <= network.depth(); ++l) sum += 1 / static_cast<double>(network.width(l));
  return sum;
}

Spread spread(const Law& law, const Law& at_infinite_width) {
  const double dead = law.dead_probability();
  const double usual = at_infinite_width.log_second_moment() + std::log(static_cast<double>(law.outputs()));
  return {.variance = law.variance(),
          .decades = log_quantile_ratio(law) / std::numbers::ln10,
          .beyond_ten = dead + (1 - dead) * (law.cdf(usual - kLogHundred) + law.survival(usual + kLogHundred)),
          .ks_to_gaussian = kolmogorov_smirnov(law, at_infinite_width)};
}

PredictedSpread predicted_spread(const BestLaw& best, const Law& at_infinite_width) {
  return {.spread = spread(best.law.law, at_infinite_width),
          .law = best.law.kind.key,
          .accuracy = best.accuracy,
          .law_error = best.error};
}

Json halved(const Schedule& schedule) {
  Json values = Json::array();
  for (const double value : schedule.values()) values.push_back(value / 2);
  return schedule.is_constant() ? values[0] : values;
}

Json doubled(const Widths& widths) {
  Json values = Json::array();
  for (const std::size_t value : widths.values()) values.push_back(2 * value);
  return widths.is_constant() ? values[0] : values;
}

struct Idea {
  std::string_view key;
  std::string_view name;
  Json fields;  ///< of the network's document
};

/// Some of which the network may have made, or its family may not admit.
std::vector<Idea> ideas(const Network& network) {
  return {
      {"balanced", "Balanced", {{"flip", 0.5}}},
      {"linear_first",
       "linear first",
       {{"branch", "linear-first"}, {"branch_depth", std::max<std::size_t>(network.branch_depth(), 2)}}},
      {"pre_norm", "pre-norm", {{"norm", network.is_normalized() ? to_string(network.architecture().norm) : "pre"}}},
      {"lambda_halved", "lambda halved", {{"lambda", halved(network.lambdas())}}},
      {"width_doubled", "width doubled", {{"width", doubled(network.widths())}}}};
}

std::vector<Change> changes(const Network& network, const Input& input) {
  std::vector<Change> found;
  for (const auto& [key, name, fields] : ideas(network)) {
    try {
      const Network other = changed(network, fields);
      const bool is_dear = other.is_normalized() && other.depth() > kDeepestNormalized;
      if (other == network || is_dear) continue;
      found.push_back({key, name, other, predicted_spread(best_law(other, input), infinite_width(other, input))});
    } catch (const std::invalid_argument&) {
      // The network's family does not admit it: a fully connected one has no lambda.
    }
  }
  return found;
}

Verdict verdict_on(double distance, double holds_below, double rough_below) {
  return distance < holds_below ? Verdict::kHolds : distance < rough_below ? Verdict::kRough : Verdict::kFails;
}

double kernel_deviation(const Network& network, const Input& input, const Law& law, const Law& at_infinite_width) {
  // Of a final normalization's output nothing of the kernel is left to see.
  if (network.architecture().norm == Normalization::kFinal) {
    return std::sqrt(log_gaussian_growth(network, input).variance);
  }
  // Given the hidden layers the output varies as it does at infinite width.
  return std::sqrt(std::max(0.0, law.variance() - at_infinite_width.variance()));
}

double beyond_ten(const GradientLaw& law, double usual) {
  return law.cdf(usual - kLogHundred) + law.survival(usual + kLogHundred);
}

std::optional<GradientShares> gradient_shares(const GradientLimit* limit) {
  if (limit == nullptr) return std::nullopt;
  return GradientShares{.random = beyond_ten(limit->random, limit->log_scale),
                        .orthogonal = beyond_ten(limit->orthogonal, limit->log_scale)};
}

}  // namespace

Verdict Regime::gaussian_process_theory() const {
  return verdict_on(predicted.spread.ks_to_gaussian, kHoldsBelow, kRoughBelow);
}

Verdict Regime::tangent_kernel_theory() const {
  return verdict_on(kernel_deviation, kKernelHoldsBelow, kKernelRoughBelow);
}

Regime regime(const Network& network, const Input& input, const BestLaw& best, const GradientLimit* gradients) {
  const Law gaussian = infinite_width(network, input);
  Regime regime{.depth_over_width = depth_over_width(network),
                .predicted = predicted_spread(best, gaussian),
                .at_infinite_width = spread(gaussian, gaussian),
                .dead_probability = best.law.law.dead_probability(),
                .kernel_deviation = kernel_deviation(network, input, best.law.law, gaussian),
                .risks = {},
                .gradient_beyond_ten = gradient_shares(gradients),
                .changes = changes(network, input)};
  for (std::size_t i = 0; i < kNumberFormats.size(); ++i) {
    const NumberFormat& format = kNumberFormats[i];
    regime.risks[i] = {.format = format,
                       .overflow = chance_above(best.law.law, format.largest),
                       .underflow = chance_below(best.law.law, format.smallest)};
  }
  return regime;
}

Regime regime(const Network& network, const Input& input, bool with_gradients) {
  std::optional<GradientLimit> gradients;
  try {
    if (with_gradients) gradients = gradient_limit(network);
  } catch (const std::invalid_argument&) {
    // The network's gradients have no law.
  }
  return regime(network, input, best_law(network, input), gradients ? &*gradients : nullptr);
}

}  // namespace initlaw
