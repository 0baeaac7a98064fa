#include "law/layer_sums.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>

#include "network/memory.hpp"

namespace initlaw {
namespace {

/// The three sums' terms for one pair of layers m < l.
struct Terms {
  double hypoactivation;
  double active_excess;
  double covariance;

  Terms& operator+=(const Terms& other) {
    hypoactivation += other.hypoactivation;
    active_excess += other.active_excess;
    covariance += other.covariance;
    return *this;
  }
};

Terms pair_terms(double b, double t, double w, const Correlation& c) {
  return {.hypoactivation = -0.5 * b * b * t * w * c.rho * activation_covariance_derivative(c),
          .active_excess = -0.5 * b * t * w * c.rho * (4 / std::numbers::pi) * c.complement,
          .covariance = b * b * t * w * activation_covariance(c)};
}

/// With constant scales a pair's terms depend on its lag alone, so each layer adds one to its predecessor's sum.
std::vector<Terms> stationary_sums(const Network& network) {
  const double b = network.asymmetry();
  const LayerScale layer = NetworkScales(network).layer(1);
  std::vector<Terms> sums(network.depth());
  CorrelationProduct correlation;
  double w = 1;
  for (std::size_t l = 1; l < sums.size(); ++l) {
    correlation.multiply(layer);
    w *= 1 - 2 * network.flip();
    sums[l] = sums[l - 1];
    sums[l] += pair_terms(b, layer.t(), w, correlation.value());
  }
  return sums;
}

std::vector<Terms> general_sums(const Network& network) {
  const double b = network.asymmetry();
  const NetworkScales scales(network);
  std::vector<Terms> sums(network.depth());
  for (std::size_t l = 1; l < sums.size(); ++l) {
    CorrelationProduct correlation;
    double w = 1;
    for (std::size_t m = l; m-- > 0;) {
      correlation.multiply(scales.layer(m + 1));
      w *= 1 - 2 * network.flip();
      const Correlation c = correlation.value();
      if (std::abs(w * c.rho) < kNegligibleCorrelation) break;
      sums[l] += pair_terms(b, scales.layer(m + 1).t(), w, c);
    }
  }
  return sums;
}

}  // namespace

LayerSums layer_sums(const Network& network) {
  require_memory(fmt::format("depth {}: the limit", network.depth()),
                 static_cast<double>(network.depth()) * (sizeof(Terms) + 3 * sizeof(double)));
  const auto sums = network.is_stationary() ? stationary_sums(network) : general_sums(network);
  LayerSums result;
  result.hypoactivation.reserve(sums.size());
  result.active_excess.reserve(sums.size());
  result.covariance.reserve(sums.size());
  for (const Terms& sum : sums) {
    result.hypoactivation.push_back(sum.hypoactivation);
    result.active_excess.push_back(sum.active_excess);
    result.covariance.push_back(sum.covariance);
  }
  return result;
}

}  // namespace initlaw
