#include "comparison/prediction.hpp"

#include <stdexcept>

#include "initlaw/simulate.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {

Prediction predict(const Network& network, const Input& input, bool with_gradients) {
  const LayerSums sums = layer_sums(network);
  const std::vector<LogNormGrowth> growth = log_gaussian_growth_by_layer(network, sums);
  Prediction prediction{.network = network,
                        .input = input,
                        .growth = growth,
                        .log_gaussian = infinite_depth_and_width(network, input, growth.back()),
                        .gaussian = infinite_width(network, input),
                        .exact = {},
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
  if (has_exact_law(network)) prediction.exact = exact_fully_connected(network, input);
  for (const std::size_t lag : default_lags(network)) {
    prediction.interlayer_covariance.push_back({lag, mean_interlayer_covariance(network, lag)});
  }
  return prediction;
}

TailReport compare(Tail tail) {
  const auto exceedance = [&](const Law& law) { return 2 * law.output().survival(tail.options.threshold); };
  const Network& network = tail.network;
  TailReport report{.simulated = tail,
                    .log_gaussian = exceedance(infinite_depth_and_width(network, tail.input)),
                    .gaussian = exceedance(infinite_width(network, tail.input)),
                    .exact = {}};
  if (has_exact_law(network)) {
    const Law exact = exact_fully_connected(network, tail.input);
    report.exact = (1 - exact.dead_probability()) * exceedance(exact);
  }
  return report;
}

}  // namespace initlaw
