#include "comparison/best_law.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "initlaw/compare.hpp"
#include "law/finite_width_law.hpp"
#include "law/laws.hpp"
#include "network/network_scales.hpp"

namespace initlaw {
namespace {

/// A law's distribution function at points so close that the largest difference from another one shows to 1% of itself.
class TabulatedLaw {
 public:
  explicit TabulatedLaw(const Law& law) {
    constexpr int kPoints = 60;
    const double deviation = std::sqrt(law.variance());
    for (int i = 0; i <= kPoints; ++i) {
      const double x = law.mean() + (10.0 * i / kPoints - 5) * deviation;
      points_.push_back({x, law.cdf(x)});
    }
  }

  double distance(const Law& other) const {
    double largest = 0;
    for (const auto& [x, cdf] : points_) largest = std::max(largest, std::abs(cdf - other.cdf(x)));
    return largest;
  }

 private:
  struct Point {
    double x;
    double cdf;
  };
  std::vector<Point> points_;
};

/// The distances from a law that one other cumulant at a time makes, added up: so those that cancel by chance count in
/// full.
std::optional<double> distance(const TabulatedLaw& law, const Network& network, const LogNormCumulants& from,
                               const LogNormCumulants& to) {
  double sum = 0;
  for (const auto cumulant : {&LogNormCumulants::mean, &LogNormCumulants::variance, &LogNormCumulants::third}) {
    LogNormCumulants changed = from;
    changed.*cumulant = to.*cumulant;
    const auto other = law_of_shape(network, {}, changed);
    if (!other) return std::nullopt;
    sum += law.distance(*other);
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
  const auto law = law_of_shape(network, {}, second);
  if (!law) return std::nullopt;
  const TabulatedLaw tabulated(*law);
  const auto by_second = distance(tabulated, network, second, first_order(first));
  const auto by_third = distance(tabulated, network, second, with_third_order(network, second));
  if (!by_second || !by_third) return std::nullopt;
  // An order that happens to be small says nothing of the next.
  constexpr double kSlowest = 0.9;
  const double ratio = *by_third < kSlowest * *by_second ? *by_third / *by_second : kSlowest;
  return std::min(1.0, *by_third / (1 - ratio));
}

BestLaw best_of(const Network& network, const std::vector<NamedLaw>& laws, std::optional<double> finite_width_error) {
  if (const NamedLaw* exact = find(laws, "exact")) return {*exact, LawAccuracy::kBounded, 0};
  // The output layer reads a vector of fixed norm.
  const bool is_gaussian = network.architecture().norm == Normalization::kFinal;
  if (is_gaussian) return {*find(laws, "gaussian"), LawAccuracy::kBounded, 0};
  const NamedLaw* finite_width = find(laws, "finite_width");
  if (finite_width != nullptr && finite_width_error && *finite_width_error <= kHoldsBelow) {
    return {*finite_width, LawAccuracy::kBounded, finite_width_error};
  }
  const bool is_first_order = !network.has_standard_architecture() && !often_freezes(network);
  return {*find(laws, "log_gaussian"), is_first_order ? LawAccuracy::kFirstOrder : LawAccuracy::kUnknown, std::nullopt};
}

BestLaw best_law(const Network& network, const Input& input) {
  GrowthOfOrders growth{log_gaussian_growth(network, input), std::nullopt};
  if (network.has_standard_architecture()) growth.second = log_norm_cumulants(network);
  const auto all = laws(network, input, growth);
  const bool needs_error = find(all, "exact") == nullptr && find(all, "finite_width") != nullptr;
  return best_of(network, all, needs_error ? second_order_error(network, growth.first, *growth.second) : std::nullopt);
}

}  // namespace initlaw
