#include "comparison/joint_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "comparison/verdict.hpp"
#include "initlaw/limit.hpp"
#include "joint/joint_options.hpp"

namespace initlaw {

namespace {

double dot(const std::vector<double>& x, const std::vector<double>& y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
}

/// The input with norm 1, or 0. It is first brought to order 1, since its square may leave a double's range.
std::vector<double> direction(std::vector<double> x) {
  double largest = 0;
  for (const double component : x) largest = std::max(largest, std::abs(component));
  if (largest == 0) return x;
  for (double& component : x) component /= largest;
  const double norm = std::sqrt(dot(x, x));
  for (double& component : x) component /= norm;
  return x;
}

AnglePrediction predict_pair(const Network& network, const InputPair& pair, const std::vector<std::size_t>& layers,
                             double collapse_angle, const std::vector<double>& x, const std::vector<double>& y) {
  AnglePrediction prediction{.pair = pair,
                             .infinite_width = {},
                             .layers = {},
                             .law = {},
                             .no_law = {},
                             .collapse_depth = {},
                             .growth_difference_variance = {}};
  if (dot(x, x) == 0 || dot(y, y) == 0) {
    prediction.no_law = "one of the inputs is 0";
    return prediction;
  }
  const double cosine = std::clamp(dot(x, y), -1.0, 1.0);
  const std::vector<double> by_layer = infinite_width_correlation(network, cosine);
  for (const std::size_t l : layers) prediction.infinite_width.push_back(by_layer[l]);
  if (network.branch_depth() == 1) {
    prediction.growth_difference_variance = growth_difference_variance(network, cosine);
  }
  // Of nearly parallel inputs rounding leaves no angle.
  constexpr double kParallel = 1e-14;
  if (1 - std::abs(cosine) < kParallel) {
    prediction.no_law = "the inputs are parallel";
    return prediction;
  }
  std::vector<AngleLaw> laws;
  try {
    laws = angle_law_by_layer(network, cosine, layers);
  } catch (const std::invalid_argument& error) {
    prediction.no_law = error.what();
    return prediction;
  }
  for (const AngleLaw& law : laws) {
    prediction.layers.push_back(
        {law.log_tangent(), law.mean_cosine(), law.quantile(0.01), law.quantile(0.5), law.quantile(0.99)});
  }
  prediction.law = std::move(laws.back());
  prediction.collapse_depth = collapse_depth(network, cosine, collapse_angle, 0.5);
  return prediction;
}

}  // namespace

JointPrediction predict_angles(const Network& network, const JointOptions& options,
                               const std::vector<std::vector<double>>& inputs, double collapse_angle) {
  const JointOptions chosen = completed(options, network, inputs);
  std::vector<std::vector<double>> directions;
  directions.reserve(inputs.size());
  for (const std::vector<double>& input : inputs) directions.push_back(direction(input));
  JointPrediction prediction{.network = network,
                             .inputs = inputs.size(),
                             .layers = chosen.layers,
                             .collapse_angle = collapse_angle,
                             .pairs = {}};
  for (const InputPair& pair : chosen.pairs) {
    prediction.pairs.push_back(
        predict_pair(network, pair, chosen.layers, collapse_angle, directions[pair.first], directions[pair.second]));
  }
  return prediction;
}

JointComparison compare(JointEnsemble ensemble, JointPrediction prediction) {
  const auto same_pair = [](const AnglePrediction& predicted, const InputPair& pair) { return predicted.pair == pair; };
  if (!(ensemble.network == prediction.network) || ensemble.options.layers != prediction.layers ||
      !std::equal(prediction.pairs.begin(), prediction.pairs.end(), ensemble.options.pairs.begin(),
                  ensemble.options.pairs.end(), same_pair)) {
    throw std::invalid_argument(
        "prediction: its network, pairs or layers are not the ensemble's; both must be of the same");
  }
  std::vector<std::optional<JointComparison::AngleFit>> fits;
  for (std::size_t pair = 0; pair < prediction.pairs.size(); ++pair) {
    auto& fit = fits.emplace_back();
    const std::uint64_t samples = ensemble.last_log_tangent[pair].count();
    if (!prediction.pairs[pair].law || samples == 0) continue;
    const Distance distance = compare(ensemble, pair, *prediction.pairs[pair].law);
    fit = {distance, verdict_on(distance.ks, samples)};
  }
  return {std::move(ensemble), std::move(prediction), std::move(fits)};
}

}  // namespace initlaw
