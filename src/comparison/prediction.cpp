#include "comparison/prediction.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "comparison/best_law.hpp"
#include "comparison/regime.hpp"
#include "law/finite_width_law.hpp"
#include "law/gradient_steps.hpp"
#include "law/laws.hpp"

namespace initlaw {
namespace {

/// Evenly from 0 to `last`.
std::vector<std::size_t> some_layers(std::size_t last) {
  constexpr std::size_t kMost = 12;
  const std::size_t intervals = std::min(last, kMost);
  std::vector<std::size_t> layers;
  for (std::size_t i = 0; i <= intervals; ++i) layers.push_back(i * last / intervals);
  return layers;
}

std::vector<GradientNorm> gradient_norms_at_some_layers(const Network& network, std::span<const GradientStep> steps,
                                                        std::span<const GradientStep> inherited,
                                                        OutputDirection direction) {
  try {
    return gradient_norms(network, steps, inherited, direction, some_layers(network.depth()));
  } catch (const std::invalid_argument&) {
    return {};
  }
}

void predict_gradients(Prediction& prediction, const LayerSums& sums) {
  const Network& network = prediction.network;
  try {
    const std::vector<GradientStep> steps = gradient_steps(network);
    prediction.gradients = gradient_limit(network, steps);
    const std::vector<GradientStep> inherited = inherited_means(network, sums);
    for (const auto& [direction, name] : kNames<OutputDirection>) {
      prediction.gradient_norms[direction] = gradient_norms_at_some_layers(network, steps, inherited, direction);
    }
  } catch (const std::invalid_argument& error) {
    prediction.gradients = error.what();
  }
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

Prediction predict(const Network& network, const Input& input, const PredictionParts& parts) {
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
    finite_width_error = second_order_error(network, orders.first, *orders.second);
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
                        .gradients = {},
                        .gradient_norms = {},
                        .regime = {}};
  if (parts.gradients) predict_gradients(prediction, sums);
  if (parts.regime) {
    prediction.regime =
        regime(network, input, best_of(network, prediction.laws, finite_width_error), prediction.gradient_limit());
  }
  for (const std::size_t lag : default_lags(network)) {
    prediction.interlayer_covariance.push_back({lag, mean_interlayer_covariance(network, lag, input)});
  }
  return prediction;
}

}  // namespace initlaw
