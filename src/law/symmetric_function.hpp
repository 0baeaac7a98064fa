#pragma once

#include <array>
#include <cstddef>

#include "law/neuron_basis.hpp"

namespace initlaw {

/// A power series in 1/n to order 3.
using WidthSeries = std::array<double, 4>;

WidthSeries operator*(const WidthSeries& a, const WidthSeries& b);
/// ln and reciprocal of a series that begins with 1.
WidthSeries log(const WidthSeries& a);
WidthSeries reciprocal(const WidthSeries& a);

/// What a layer's activation multiplies by: eta = (1/n) sum_i (y_i^2 - 1 + b y_i|y_i|) over a layer's neurons.
class LayerNorm {
 public:
  explicit LayerNorm(double b);

  const NeuronBasis::Vector& mean() const { return mean_; }
  const NeuronBasis::Matrix& matrix() const { return matrix_; }

 private:
  NeuronBasis::Vector mean_;
  NeuronBasis::Matrix matrix_;
};

/// A function of a layer's neurons that does not care for their order, psi = sum_{r,g} n^{-r-g} sum over sets of r
/// neurons of phi_r^(g), with r + g <= 3, phi_r in the basis of each neuron. Two neurons and more are, at their lowest
/// order, in the sources' span, and at the next but one of them is.
struct SymmetricFunction {
  static constexpr std::size_t kAll = NeuronBasis::kSize;
  static constexpr std::size_t kSources = NeuronBasis::kSources;

  WidthSeries none{};
  std::array<NeuronBasis::Vector, 3> one{};
  std::array<std::array<double, kSources>, kSources> two{};
  /// [i][j], j a source; as many neurons the other way round, but for i a source as well.
  std::array<std::array<double, kSources>, kAll> two_next{};
  std::array<std::array<std::array<double, kSources>, kSources>, kSources> three{};

  static SymmetricFunction constant() {
    SymmetricFunction result;
    result.none[0] = 1;
    return result;
  }
};

SymmetricFunction operator*(const LayerNorm& eta, const SymmetricFunction& psi);
SymmetricFunction operator*(const WidthSeries& factor, const SymmetricFunction& psi);
/// E psi chi over independent standard normal neurons.
WidthSeries inner_product(const SymmetricFunction& psi, const SymmetricFunction& chi);

/// sum += factor term.
inline void add(double& sum, double factor, double term) { sum += factor * term; }
template <typename T, std::size_t N>
void add(std::array<T, N>& sum, double factor, const std::array<T, N>& term) {
  for (std::size_t i = 0; i < N; ++i) add(sum[i], factor, term[i]);
}
void add(SymmetricFunction& sum, double factor, const SymmetricFunction& term);

/// sum = sum + factor(degree) term, where `factors` holds a factor for each total degree and each power of 1/n.
template <typename Factor>
void add(SymmetricFunction& sum, const SymmetricFunction& term, const Factor& factor) {
  const auto& modes = NeuronBasis::get().modes;
  for (std::size_t h = 0; h < 4; ++h) {
    for (std::size_t g = 0; g + h < 4; ++g) sum.none[g + h] += factor(0, h) * term.none[g];
  }
  for (std::size_t i = 0; i < SymmetricFunction::kAll; ++i) {
    const std::size_t degree = modes[i].degree;
    for (std::size_t h = 0; h < 3; ++h) {
      for (std::size_t g = 0; g + h < 3; ++g) sum.one[g + h][i] += factor(degree, h) * term.one[g][i];
    }
    for (std::size_t j = 0; j < SymmetricFunction::kSources; ++j) {
      const std::size_t degrees = degree + modes[j].degree;
      sum.two_next[i][j] += factor(degrees, 0) * term.two_next[i][j];
      if (i >= SymmetricFunction::kSources) continue;
      sum.two[i][j] += factor(degrees, 0) * term.two[i][j];
      sum.two_next[i][j] += factor(degrees, 1) * term.two[i][j];
      for (std::size_t k = 0; k < SymmetricFunction::kSources; ++k) {
        sum.three[i][j][k] += factor(degrees + modes[k].degree, 0) * term.three[i][j][k];
      }
    }
  }
}

}  // namespace initlaw
