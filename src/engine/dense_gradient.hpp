#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include "engine/engine.hpp"
#include "engine/layer_state.hpp"
#include "network/network_scales.hpp"
#include "network/scaled_activation.hpp"

namespace initlaw {

/// W v/sqrt(length of v), W a matrix given by its rows.
template <typename Real>
struct DenseProduct {
  std::vector<std::vector<Real>> W;
  std::vector<Real> v;
};

/// What happened in one layer of a network with weights. All is in units of e^{log_scale/2}.
template <typename Real>
struct DenseLayer {
  std::vector<Real> z;         ///< z_{l-1}
  std::vector<bool> negative;  ///< where the signs s are -1
  double log_scale;
  std::vector<DenseProduct<Real>> branch;       ///< of each of its matrices
  std::vector<std::vector<Real>> branch_inner;  ///< pre-activations before all but the first of them
};

/// Backpropagation through a network with weights, as the chain rule says it. It shares no shortcut with the fast
/// engine.
template <typename Real>
class DenseGradient {
 public:
  DenseGradient(const Network& network, const NetworkScales& scales, OutputDirection direction, GradientBlock& block,
                std::size_t lane)
      : network_(network), scales_(scales), direction_(direction), phi_(network), block_(block), lane_(lane) {}

  /// Begins with the gradient w/sqrt(n) of f = w . z_d/sqrt(n). `log_norm2` is ln(||z_d||^2/n).
  void start(const std::vector<Real>& w, const std::vector<Real>& z, double log_norm2) {
    delta_.assign(w.begin(), w.end());
    if (direction_ == OutputDirection::kOrthogonal) {
      const double share = std::inner_product(z.begin(), z.end(), delta_.begin(), 0.0) /
                           std::inner_product(z.begin(), z.end(), z.begin(), 0.0);
      for (std::size_t i = 0; i < z.size(); ++i) delta_[i] -= share * static_cast<double>(z[i]);
    }
    weight2(network_.depth() + 1) = log_norm2;
    log_norm2_ = -std::log(static_cast<double>(z.size()));
    normalize(network_.depth());
  }

  /// The gradient with respect to z_{l-1}, from that with respect to z_l.
  void step(const DenseLayer<Real>& layer, std::size_t l) {
    const LayerScale& scale = scales_.layer(l);
    std::vector<double> e = delta_;
    for (double& component : e) component *= scale.sqrt_t;
    // The branch reads unit z.
    const double square = std::inner_product(layer.z.begin(), layer.z.end(), layer.z.begin(), 0.0);
    const double unit = network_.is_normalized() ? std::sqrt(static_cast<double>(layer.z.size()) / square) : 1;
    double weights = 0;
    for (std::size_t j = layer.branch.size(); j-- > 0;) {
      const auto& [W, v] = layer.branch[j];
      const double n = static_cast<double>(v.size());
      weights += square_norm(e) * std::inner_product(v.begin(), v.end(), v.begin(), 0.0) / n;
      e = transposed_product(layer.branch[j], e);
      for (std::size_t i = 0; i < e.size(); ++i) {
        if (j > 0) {
          e[i] *= static_cast<double>(phi_.slope(layer.branch_inner[j - 1][i]));
        } else if (network_.architecture().branch == Branch::kActivationFirst) {
          const double sign = layer.negative[i] ? -1 : 1;
          e[i] *= sign * phi_.slope(sign * unit * static_cast<double>(layer.z[i]));
        }
      }
      // Without skip path it is orthogonal to these pre-activations; on one neuron alone what is left is rounding.
      const bool on_one = std::count_if(e.begin(), e.end(), [](double component) { return component != 0; }) == 1;
      if (direction_ == OutputDirection::kOrthogonal && scale.a == 0 && on_one) std::fill(e.begin(), e.end(), 0.0);
    }
    if (network_.is_normalized()) {
      const double share = std::inner_product(layer.z.begin(), layer.z.end(), e.begin(), 0.0) / square;
      for (std::size_t i = 0; i < e.size(); ++i) e[i] = unit * (e[i] - share * static_cast<double>(layer.z[i]));
    }
    weight2(l) = log_norm2_ + scale.log_r2 + layer.log_scale + std::log(weights);
    if (scale.a != 0) {
      for (std::size_t i = 0; i < e.size(); ++i) e[i] += scale.a * delta_[i];
    }
    delta_ = std::move(e);
    log_norm2_ += scale.log_r2;
    normalize(l - 1);
  }

  /// The gradient with respect to the input.
  void finish(const DenseProduct<Real>& first) {
    weight2(0) = log_norm2_;
    const bool is_zero = direction_ == OutputDirection::kOrthogonal && network_.inputs() == 1;
    block_.log_input_norm2[lane_] = log_norm2_ + std::log(is_zero ? 0 : square_norm(transposed_product(first, delta_)));
  }

 private:
  static double square_norm(const std::vector<double>& v) {
    return std::inner_product(v.begin(), v.end(), v.begin(), 0.0);
  }

  static std::vector<double> transposed_product(const DenseProduct<Real>& product, const std::vector<double>& e) {
    std::vector<double> result(product.v.size());
    const double root = std::sqrt(static_cast<double>(product.v.size()));
    for (std::size_t i = 0; i < e.size(); ++i) {
      for (std::size_t j = 0; j < result.size(); ++j) result[j] += static_cast<double>(product.W[i][j]) * e[i] / root;
    }
    return result;
  }

  double& weight2(std::size_t l) { return block_.log_weight2[l * kBlock + lane_]; }

  /// Moves the gradient's norm into its logarithm.
  void normalize(std::size_t l) {
    const double square = square_norm(delta_);
    log_norm2_ += std::log(square);
    block_.log_norm2[l * kBlock + lane_] = log_norm2_;
    if (square == 0) return;
    for (double& component : delta_) component /= std::sqrt(square);
  }

  const Network& network_;
  const NetworkScales& scales_;
  OutputDirection direction_;
  ScaledActivation phi_;
  GradientBlock& block_;
  std::size_t lane_;
  std::vector<double> delta_;  ///< df/dz_l, of norm 1
  double log_norm2_ = 0;       ///< ln||df/dz_l||^2
};

}  // namespace initlaw
