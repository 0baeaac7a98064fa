#include "comparison/prediction.hpp"

#include <stdexcept>
#include <utility>

#include "law/layer_sums.hpp"

namespace initlaw {

const GradientLaw* Prediction::gradient_law(OutputDirection direction) const {
  const GradientLimit* limit = gradient_limit();
  if (limit == nullptr) return nullptr;
  return direction == OutputDirection::kRandom ? &limit->random : &limit->orthogonal;
}

Prediction predict(const Network& network, const Input& input, bool with_gradients) {
  const LayerSums sums = layer_sums(network);
  std::vector<LogNormGrowth> growth = log_gaussian_growth_by_layer(network, sums);
  std::vector<NamedLaw> laws = initlaw::laws(network, input, growth.back());
  Prediction prediction{.network = network,
                        .input = input,
                        .growth = std::move(growth),
                        .laws = std::move(laws),
                        .hypoactivation = sums.hypoactivation,
                        .active_fraction = active_fraction(network, sums),
                        .interlayer_covariance = {},
                        .gradients = {}};
  if (with_gradients) {
    try {
      prediction.gradients = gradient_limit(network);
    } catch (const std::invalid_argument& error) {
      prediction.gradients = error.what();
    }
  }
  for (const std::size_t lag : default_lags(network)) {
    prediction.interlayer_covariance.push_back({lag, mean_interlayer_covariance(network, lag)});
  }
  return prediction;
}

}  // namespace initlaw
