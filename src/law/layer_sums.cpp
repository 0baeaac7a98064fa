#include "law/layer_sums.hpp"

#include <fmt/core.h>

#include <cmath>

#include "law/activation_memory.hpp"
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

Terms pair_terms(const ActivationMemory& memory, double weight, double w, const Correlation& c) {
  const auto [covariance, covariance_derivative, sign_derivative] = memory.terms(c, w);
  return {.hypoactivation = -0.5 * weight * covariance_derivative,
          .active_excess = -0.5 * weight * sign_derivative,
          .covariance = weight * covariance};
}

/// With constant scales a pair's terms depend on its lag alone, so each layer adds one to its predecessor's sum.
std::vector<Terms> stationary_sums(const Network& network, const ActivationMemory& memory) {
  const LayerScale layer = NetworkScales(network).layer(1);
  std::vector<Terms> sums(network.depth());
  CorrelationProduct correlation;
  double w = 1;
  for (std::size_t l = 1; l < sums.size(); ++l) {
    correlation.multiply(layer);
    w *= 1 - 2 * network.flip();
    sums[l] = sums[l - 1];
    sums[l] += pair_terms(memory, layer.t(), w, correlation.value());
  }
  return sums;
}

std::vector<Terms> general_sums(const Network& network, const Input& input, const ActivationMemory& memory) {
  const NetworkScales scales(network, input);
  std::vector<Terms> sums(network.depth());
  for (std::size_t l = 1; l < sums.size(); ++l) {
    CorrelationProduct correlation;
    double w = 1;
    for (std::size_t m = l; m-- > 0;) {
      // What normalized branches add later dilutes what layer m + 1 did.
      const double dilution = network.is_normalized() ? std::pow(correlation.value().rho, 2) : 1;
      correlation.multiply(scales.layer(m + 1));
      w *= 1 - 2 * network.flip();
      const Correlation c = correlation.value();
      if (std::abs((memory.is_odd() ? w : 1) * c.rho) < kNegligibleCorrelation) break;
      sums[l] += pair_terms(memory, scales.layer(m + 1).t() * dilution, w, c);
    }
  }
  return sums;
}

}  // namespace

LayerSums layer_sums(const Network& network, const Input& input) {
  require_memory(fmt::format("depth {}: the limit", network.depth()),
                 static_cast<double>(network.depth()) * (sizeof(Terms) + 3 * sizeof(double)));
  const ActivationMemory memory(network);
  std::vector<Terms> sums(network.depth());
  if (memory.exists()) {
    sums = network.is_stationary() && !network.is_normalized() ? stationary_sums(network, memory)
                                                               : general_sums(network, input, memory);
  }
  // What follows from ||u||^2 = n alone is there in every layer whose activation sees the stream.
  if (memory.exists()) {
    for (Terms& sum : sums) sum.hypoactivation += memory.sphere();
  }
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
