#include "reproduction/theory.hpp"

#include "law/finite_width_law.hpp"

namespace initlaw {

Law Theory::log_gaussian(const Network& network, const Input& input) const {
  const LogNormGrowth G = growth(network).back();
  return Law::log_gaussian(input.log_mean_square(network) + G.mean, G.variance, network.outputs());
}

Law Theory::finite_width(const Network& network, const Input& input, FiniteWidthOrder order) const {
  return finite_width_law(network, input, cumulants(network, order)).value();
}

Theory true_theory() {
  return {.growth = [](const Network& network) { return log_gaussian_growth_by_layer(network); },
          .hypoactivation = [](const Network& network) { return hypoactivation(network); },
          .active_fraction = [](const Network& network) { return active_fraction(network); },
          .covariance = [](const Network& network, std::size_t lag) { return mean_interlayer_covariance(network, lag); },
          .gaussian = infinite_width,
          .exact = exact_fully_connected,
          .gradients = gradient_limit,
          .cumulants = log_norm_cumulants};
}

}  // namespace initlaw
