#include "comparison/prediction.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "law/finite_width_law.hpp"
#include "law/laws.hpp"

namespace initlaw {
namespace {

/// The largest difference of two laws' distribution functions, to about 1% of itself.
double distance(const Law& a, const Law& b) {
  constexpr int kPoints = 120;
  const double deviation = std::sqrt(std::max(a.variance(), b.variance()));
  double largest = 0;
  for (int i = 0; i <= kPoints; ++i) {
    const double x = a.mean() + (10.0 * i / kPoints - 5) * deviation;
    largest = std::max(largest, std::abs(a.cdf(x) - b.cdf(x)));
  }
  return largest;
}

/// The distances that one other cumulant at a time makes, added up: so those that cancel by chance count in full.
std::optional<double> distance(const Network& network, const LogNormCumulants& from, const LogNormCumulants& to) {
  const auto law = law_of_shape(network, {}, from);
  double sum = 0;
  for (const auto cumulant : {&LogNormCumulants::mean, &LogNormCumulants::variance, &LogNormCumulants::third}) {
    LogNormCumulants changed = from;
    changed.*cumulant = to.*cumulant;
    const auto other = law_of_shape(network, {}, changed);
    if (!law || !other) return std::nullopt;
    sum += distance(*law, *other);
  }
  return sum;
}

/// What the orders from the third on change, if each falls short of the one before as the third does of the second.
std::optional<double> error_of_second_order(const Network& network, const LogNormGrowth& first,
                                            const LogNormCumulants& second) {
  const auto by_second = distance(network, second, first_order(first));
  const auto by_third = distance(network, second, with_third_order(network, second));
  if (!by_second || !by_third) return std::nullopt;
  // An order that happens to be small says nothing of the next.
  constexpr double kSlowest = 0.9;
  const double ratio = *by_third < kSlowest * *by_second ? *by_third / *by_second : kSlowest;
  return std::min(1.0, *by_third / (1 - ratio));
}

}  // namespace

bool Prediction::has_law(std::string_view key) const {
  return std::any_of(laws.begin(), laws.end(), [&](const NamedLaw& law) { return law.kind.key == key; });
}

const GradientLaw* Prediction::gradient_law(OutputDirection direction) const {
  const GradientLimit* limit = gradient_limit();
  if (limit == nullptr) return nullptr;
  return direction == OutputDirection::kRandom ? &limit->random : &limit->orthogonal;
}

Prediction predict(const Network& network, const Input& input, bool with_gradients) {
  const LayerSums sums = layer_sums(network, input);
  std::vector<LogNormGrowth> growth = log_gaussian_growth_by_layer(network, input, sums);
  GrowthOfOrders orders{growth.back(), std::nullopt};
  std::vector<LogNormCumulants> finite_width;
  std::vector<LayerActivity> activity;
  std::optional<double> finite_width_error;
  if (network.has_standard_architecture()) {
    finite_width = with_second_order(network, growth);
    activity = layer_activity(network, sums);
    orders.second = finite_width.back();
    finite_width_error = error_of_second_order(network, orders.first, *orders.second);
  }
  std::vector<NamedLaw> laws = initlaw::laws(network, input, orders);
  Prediction prediction{.network = network,
                        .input = input,
                        .growth = std::move(growth),
                        .finite_width = std::move(finite_width),
                        .laws = std::move(laws),
                        .hypoactivation = sums.hypoactivation,
                        .active_fraction = active_fraction(network, sums),
                        .activity = std::move(activity),
                        .interlayer_covariance = {},
                        .finite_width_error = finite_width_error,
                        .gradients = {}};
  if (with_gradients) {
    try {
      prediction.gradients = gradient_limit(network);
    } catch (const std::invalid_argument& error) {
      prediction.gradients = error.what();
    }
  }
  for (const std::size_t lag : default_lags(network)) {
    prediction.interlayer_covariance.push_back({lag, mean_interlayer_covariance(network, lag, input)});
  }
  return prediction;
}

}  // namespace initlaw
