#pragma once

#include <vector>

#include "initlaw/limit.hpp"
#include "law/activation_covariance.hpp"
#include "network/network_scales.hpp"

namespace initlaw {

/// Below this correlation a pair of layers, and all that lie farther apart, are lost in a double's rounding of a sum.
inline constexpr double kNegligibleCorrelation = 1e-25;

/// The product of a_{m+1} ... a_l as a correlation, grown one factor at a time.
class CorrelationProduct {
 public:
  void multiply(const LayerScale& layer) {
    log_abs_rho_ += layer.log_abs_a;
    sign_ *= std::copysign(1.0, layer.a);
  }
  Correlation value() const { return {sign_ * std::exp(log_abs_rho_), std::sqrt(-std::expm1(2 * log_abs_rho_))}; }

 private:
  double log_abs_rho_ = 0;
  double sign_ = 1;
};

/// For each layer l = 0..d-1, what it inherits from the layers m < l before it (docs/theory.md, eqs. (8) to (10)), with
/// K and Q of ActivationMemory. c is t_{m+1}, where branches are normalized t_{m+1} rho_{m+1,l}^2.
struct LayerSums {
  std::vector<double> hypoactivation;  ///< h_l = sphere - (1/2) sum_m c rho K'(rho)
  std::vector<double> active_excess;   ///< q_l = -(1/2) sum_m c rho Q'(rho)
  std::vector<double> covariance;      ///< sum_m c K(rho)
};

/// Cost: O(d) for a stationary network without normalization; else O(d^2), or O(d k) where correlations vanish after k
/// layers. Throws std::invalid_argument if the network is too deep for this machine's memory.
LayerSums layer_sums(const Network& network, const Input& input = {});

/// What limit.hpp computes of them, for who needs several.
std::vector<LogNormGrowth> log_gaussian_growth_by_layer(const Network& network, const Input& input,
                                                        const LayerSums& sums);
std::vector<double> active_fraction(const Network& network, const LayerSums& sums);
/// The law of the growth, log_gaussian_growth().
Law log_gaussian_law(const Network& network, const Input& input, const LogNormGrowth& G);

}  // namespace initlaw
