#include "reproduction/theory.hpp"

#include "law/finite_width_law.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {

Law Theory::log_gaussian(const Network& network, const Input& input) const {
  return log_gaussian_law(network, input, growth(network).back());
}

Law Theory::finite_width(const Network& network, const Input& input, FiniteWidthOrder order) const {
  return finite_width_law(network, input, cumulants(network, order)).value();
}

Theory true_theory(const Input& input) {
  return {.growth = [=](const Network& network) { return log_gaussian_growth_by_layer(network, input); },
          .hypoactivation = [=](const Network& network) { return hypoactivation(network, input); },
          .active_fraction = [=](const Network& network) { return active_fraction(network, input); },
          .covariance = [=](const Network& network,
                            std::size_t lag) { return mean_interlayer_covariance(network, lag, input); },
          .gaussian = infinite_width,
          .exact = exact_fully_connected,
          .gradients = gradient_limit,
          .cumulants = log_norm_cumulants,
          .angles = angle_law,
          .growth_difference = growth_difference_variance};
}

}  // namespace initlaw
