#include "report/prediction.hpp"

#include "initlaw/simulate.hpp"
#include "limit/layer_sums.hpp"

namespace initlaw {

Prediction predict(const Network& network, const Input& input) {
  const LayerSums sums = layer_sums(network);
  const LogNormGrowth G = log_gaussian_growth(network, sums);
  Prediction prediction{.network = network,
                        .input = input,
                        .G = G,
                        .log_gaussian = infinite_depth_and_width(network, input, G),
                        .gaussian = infinite_width(network, input),
                        .exact = {},
                        .hypoactivation = sums.hypoactivation,
                        .active_fraction = active_fraction(network, sums),
                        .interlayer_covariance = {}};
  if (has_exact_law(network)) prediction.exact = exact_fully_connected(network, input);
  for (const std::size_t lag : default_lags(network)) {
    prediction.interlayer_covariance.push_back({lag, mean_interlayer_covariance(network, lag)});
  }
  return prediction;
}

}  // namespace initlaw
