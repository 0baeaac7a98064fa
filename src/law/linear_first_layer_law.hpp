#pragma once

#include <vector>

#include "law/independent_layers_law.hpp"
#include "network/network_scales.hpp"

namespace initlaw {

/// ln |a e + sqrt(t T/n) g|^2 of a unit vector e and n normals g: what a layer with a linear-first branch adds without
/// normalization, in units of r (docs/architectures.md). T is a product of means of phi(g)^2 over m normals, phi a
/// leaky ReLU. For a != 0, where no layer dies.
///
/// Given T the square is noncentral chi-square, a Poisson mixture of chi-squares:
///
///     E[w^s | T] = (2 t T/n)^s sum_j e^{-x} x^j/j! Gamma(n/2 + j + s)/Gamma(n/2 + j),      x = a^2 n/(2 t T),
///
/// and at large x an asymptotic series of 1F1(-s; n/2; -x). The mean over ln T is taken by the trapezoidal rule.
class LinearFirstLayerLaw final : public LayerLaw {
 public:
  /// `activations` are those in the branch.
  LinearFirstLayerLaw(const LayerScale& layer, std::size_t width, std::size_t inner_width, std::size_t activations,
                      double leak);

  std::complex<double> log_transform(std::complex<double> s) const override;
  double mean() const override { return mean_; }
  double variance() const override { return variance_; }
  double smallest_degrees() const override { return n_; }
  double log_alive() const override { return 0; }
  double sample(std::mt19937_64& generator) const override;

 private:
  /// A value of T.
  struct Node {
    double weight;
    double log_unit;  ///< ln(2 t T/n)
    double x;
    double first;                 ///< j
    double stride;                ///< from one j to the next
    std::vector<double> weights;  ///< of the js
  };
  std::complex<double> transform(std::complex<double> s) const;
  std::complex<double> transform(const Node& node, std::complex<double> s) const;

  LayerScale layer_;
  double n_;
  std::size_t inner_width_;
  std::size_t activations_;
  double leak_;
  double passed_nothing_;  ///< P(T = 0)
  std::vector<Node> nodes_;
  double mean_ = 0;
  double variance_ = 0;
};

}  // namespace initlaw
