#include "law/neuron_basis.hpp"

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>
#include <vector>

namespace initlaw {
namespace {

/// The nodes and weights of a quadrature with the normal density, exact to rounding for products of basis functions,
/// which are polynomials on either side of 0.
struct Quadrature {
  std::vector<double> y;
  std::vector<double> weight;
};

Quadrature normal_quadrature() {
  using Gauss = boost::math::quadrature::gauss<double, 30>;
  constexpr int kIntervals = 14;  // beyond, y^44 times the density is lost in rounding
  Quadrature result;
  for (int i = 0; i < kIntervals; ++i) {
    for (std::size_t j = 0; j < Gauss::abscissa().size(); ++j) {
      for (const double side : {-1.0, 1.0}) {
        const double y = i + 0.5 + 0.5 * side * Gauss::abscissa()[j];
        const double weight = 0.5 * Gauss::weights()[j] * std::exp(-y * y / 2) / std::sqrt(2 * std::numbers::pi);
        for (const double sign : {-1.0, 1.0}) {
          result.y.push_back(sign * y);
          result.weight.push_back(weight);
        }
      }
    }
  }
  return result;
}

/// A function's values at the nodes.
using Values = std::vector<double>;

}  // namespace

NeuronBasis::NeuronBasis() {
  const Quadrature quadrature = normal_quadrature();
  const std::vector<double>& y = quadrature.y;
  const std::vector<double>& weight = quadrature.weight;
  const std::size_t nodes = y.size();
  const auto product = [&](const Values& g, const Values& h) {
    double sum = 0;
    for (std::size_t i = 0; i < nodes; ++i) sum += weight[i] * g[i] * h[i];
    return sum;
  };
  const auto times = [&](const Values& g, const Values& h) {
    Values result(nodes);
    for (std::size_t i = 0; i < nodes; ++i) result[i] = g[i] * h[i];
    return result;
  };

  std::vector<Values> hermite{Values(nodes, 1.0), y};
  for (std::size_t k = 2; k <= kHermite; ++k) {
    const double degree = static_cast<double>(k);
    Values next(nodes);
    for (std::size_t i = 0; i < nodes; ++i) {
      next[i] = (y[i] * hermite[k - 1][i] - std::sqrt(degree - 1) * hermite[k - 2][i]) / std::sqrt(degree);
    }
    hermite.push_back(next);
  }
  Values f_values(nodes), square_values(nodes), sign_values(nodes);
  for (std::size_t i = 0; i < nodes; ++i) {
    f_values[i] = y[i] * std::abs(y[i]);
    square_values[i] = y[i] * y[i] - 1;
    sign_values[i] = std::copysign(1.0, y[i]);
  }

  std::vector<Values> rests;
  for (std::size_t k = 0; k < kRests; ++k) {
    Values rest = times(f_values, hermite[k]);
    // Twice, as the first time leaves rounding of what it takes away.
    for (int pass = 0; pass < 2; ++pass) {
      for (const auto* others : {&hermite, &rests}) {
        for (const Values& other : *others) {
          const double overlap = product(rest, other);
          for (std::size_t i = 0; i < nodes; ++i) rest[i] -= overlap * other[i];
        }
      }
    }
    const double norm = std::sqrt(product(rest, rest));
    for (double& value : rest) value /= norm;
    rests.push_back(rest);
  }

  std::vector<Values> functions;
  const auto add_hermite = [&](std::size_t k) {
    modes[functions.size()] = {k, k % 2 == 1};
    functions.push_back(hermite[k]);
  };
  const auto add_rest = [&](std::size_t k) {
    const bool is_odd = k % 2 == 0;
    modes[functions.size()] = {kRestDegree + (is_odd ? 0 : 1), is_odd};
    functions.push_back(rests[k]);
  };
  add_hermite(2);
  for (std::size_t k = 1; k <= kHermite; k += 2) add_hermite(k);
  add_rest(0);
  for (std::size_t k = 4; k <= kHermite; k += 2) add_hermite(k);
  for (std::size_t k = 1; k < kRests; ++k) add_rest(k);

  for (std::size_t i = 0; i < kSize; ++i) {
    f[i] = product(functions[i], f_values);
    square[i] = product(functions[i], square_values);
    sign[i] = product(functions[i], sign_values);
    for (std::size_t j = 0; j < kSize; ++j) {
      times_f[i][j] = product(times(functions[i], f_values), functions[j]);
      times_square[i][j] = product(times(functions[i], square_values), functions[j]);
    }
  }
}

const NeuronBasis& NeuronBasis::get() {
  static const NeuronBasis basis;
  return basis;
}

}  // namespace initlaw
