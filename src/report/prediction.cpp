#include "report/prediction.hpp"

#include "initlaw/simulate.hpp"

namespace initlaw {

Prediction predict(const Network& network, const Input& input) {
  Prediction prediction{.network = network,
                        .input = input,
                        .G = log_gaussian_growth(network),
                        .log_gaussian = infinite_depth_and_width(network, input),
                        .gaussian = infinite_width(network, input),
                        .exact = {},
                        .hypoactivation = hypoactivation(network),
                        .active_fraction = active_fraction(network),
                        .interlayer_covariance = {}};
  if (has_exact_law(network)) prediction.exact = exact_fully_connected(network, input);
  for (const std::size_t lag : default_lags(network)) {
    prediction.interlayer_covariance.push_back({lag, mean_interlayer_covariance(network, lag)});
  }
  return prediction;
}

}  // namespace initlaw
