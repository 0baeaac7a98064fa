#include "comparison/best_law.hpp"

#include <algorithm>
#include <string_view>

#include "initlaw/compare.hpp"
#include "law/finite_width_law.hpp"
#include "law/laws.hpp"

namespace initlaw {
namespace {

/// The distances that one other cumulant at a time makes, added up: so those that cancel by chance count in full.
std::optional<double> distance(const Network& network, const LogNormCumulants& from, const LogNormCumulants& to) {
  const auto law = law_of_shape(network, {}, from);
  double sum = 0;
  for (const auto cumulant : {&LogNormCumulants::mean, &LogNormCumulants::variance, &LogNormCumulants::third}) {
    LogNormCumulants changed = from;
    changed.*cumulant = to.*cumulant;
    const auto other = law_of_shape(network, {}, changed);
    if (!law || !other) return std::nullopt;
    sum += kolmogorov_smirnov(*law, *other);
  }
  return sum;
}

/// Null if it is not among them.
const NamedLaw* find(const std::vector<NamedLaw>& laws, std::string_view key) {
  const auto found = std::find_if(laws.begin(), laws.end(), [&](const NamedLaw& law) { return law.kind.key == key; });
  return found == laws.end() ? nullptr : &*found;
}

}  // namespace

std::optional<double> second_order_error(const Network& network, const LogNormGrowth& first,
                                         const LogNormCumulants& second) {
  const auto by_second = distance(network, second, first_order(first));
  const auto by_third = distance(network, second, with_third_order(network, second));
  if (!by_second || !by_third) return std::nullopt;
  // An order that happens to be small says nothing of the next.
  constexpr double kSlowest = 0.9;
  const double ratio = *by_third < kSlowest * *by_second ? *by_third / *by_second : kSlowest;
  return std::min(1.0, *by_third / (1 - ratio));
}

BestLaw best_of(const std::vector<NamedLaw>& laws, std::optional<double> finite_width_error) {
  if (const NamedLaw* exact = find(laws, "exact")) return {*exact, 0};
  const NamedLaw* finite_width = find(laws, "finite_width");
  if (finite_width != nullptr && finite_width_error && *finite_width_error <= kHoldsBelow) {
    return {*finite_width, finite_width_error};
  }
  return {*find(laws, "log_gaussian"), std::nullopt};
}

BestLaw best_law(const Network& network, const Input& input) {
  const GrowthOfOrders growth{log_gaussian_growth(network), log_norm_cumulants(network)};
  return best_of(laws(network, input, growth), second_order_error(network, growth.first, growth.second));
}

}  // namespace initlaw
