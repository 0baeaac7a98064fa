#include "law/third_order.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "network/network_scales.hpp"

namespace initlaw {
namespace {

/// eta is of order n^(-1/2), so that of its powers so many reach the order 1/n^3.
constexpr std::size_t kPowers = 7;
constexpr std::size_t kDegrees = 3 * (NeuronBasis::kRestDegree + 1) + 1;

constexpr double binomial(double T, std::size_t j) {
  double product = 1;
  for (std::size_t i = 0; i < j; ++i) product *= (T - static_cast<double>(i)) / static_cast<double>(i + 1);
  return product;
}

/// (1 + a)^power of a series that begins with 1.
WidthSeries power(const WidthSeries& series, double exponent) {
  WidthSeries a = log(series);
  for (double& term : a) term *= exponent;
  return {1, a[1], a[2] + a[1] * a[1] / 2, a[3] + a[1] * a[2] + a[1] * a[1] * a[1] / 6};
}

/// eta^j |0>, j = 0..6.
std::array<SymmetricFunction, kPowers> powers_of(const LayerNorm& eta) {
  std::array<SymmetricFunction, kPowers> powers;
  powers[0] = SymmetricFunction::constant();
  for (std::size_t j = 1; j < kPowers; ++j) powers[j] = eta * powers[j - 1];
  return powers;
}

/// (1 + eta)^T |0>.
SymmetricFunction one_plus_to_the(const LayerNorm& eta, double T) {
  SymmetricFunction result;
  const auto powers = powers_of(eta);
  for (std::size_t j = 0; j < kPowers; ++j) add(result, binomial(T, j), powers[j]);
  return result;
}

/// The mean over a branch's inner layers of ((1 + eta) Y - 1)^j, Y the product of their norms' factors: [j][q] is the
/// coefficient of eta^q.
using BranchPowers = std::array<std::array<WidthSeries, kPowers>, kPowers>;

BranchPowers branch_powers(const LayerNorm& eta, std::size_t branch_depth) {
  const auto powers = powers_of(eta);
  BranchPowers result{};
  for (std::size_t i = 0; i < kPowers; ++i) {
    WidthSeries moment{};
    for (std::size_t m = 0; m <= i; ++m) {
      for (std::size_t g = 0; g < 4; ++g) moment[g] += binomial(static_cast<double>(i), m) * powers[m].none[g];
    }
    const WidthSeries of_branch = power(moment, static_cast<double>(branch_depth - 1));
    for (std::size_t j = i; j < kPowers; ++j) {
      const double sign = (j - i) % 2 == 0 ? 1 : -1;
      for (std::size_t q = 0; q <= i; ++q) {
        const double factor = sign * binomial(static_cast<double>(j), i) * binomial(static_cast<double>(i), q);
        for (std::size_t g = 0; g < 4; ++g) result[j][q][g] += factor * of_branch[g];
      }
    }
  }
  return result;
}

/// Multiplication by a layer's growth to the power t, and the step to the next layer:
/// a^N sum_j binomial(t - N/2, j) tau^j eta^j.
class Step {
 public:
  Step(const LayerScale& layer, double flip_factor, const BranchPowers& branch, double t) {
    for (std::size_t N = 0; N < kDegrees; ++N) {
      const double T = t - static_cast<double>(N) / 2;
      double factor = 1;  // binomial(T, j) tau^j
      for (std::size_t j = 0; j < kPowers; ++j) {
        for (std::size_t q = 0; q <= j; ++q) {
          for (std::size_t g = 0; g < 4; ++g) factors_[q][g][N] += factor * branch[j][q][g];
        }
        factor *= layer.t() * (T - static_cast<double>(j)) / static_cast<double>(j + 1);
      }
    }
    const auto& modes = NeuronBasis::get().modes;
    for (std::size_t i = 0; i < modes.size(); ++i) {
      decay_[i] = std::pow(layer.a, static_cast<double>(modes[i].degree)) * (modes[i].is_odd ? flip_factor : 1);
    }
  }

  SymmetricFunction operator()(const LayerNorm& eta, const SymmetricFunction& psi) const {
    SymmetricFunction sum;
    SymmetricFunction power = psi;
    for (std::size_t q = 0; q < kPowers; ++q) {
      if (q > 0) power = eta * power;
      add(sum, power, [&](std::size_t N, std::size_t g) { return factors_[q][g][N]; });
    }
    for (std::size_t i = 0; i < SymmetricFunction::kAll; ++i) {
      for (auto& one : sum.one) one[i] *= decay_[i];
      for (std::size_t j = 0; j < SymmetricFunction::kSources; ++j) {
        sum.two_next[i][j] *= decay_[i] * decay_[j];
        if (i >= SymmetricFunction::kSources) continue;
        sum.two[i][j] *= decay_[i] * decay_[j];
        for (std::size_t k = 0; k < SymmetricFunction::kSources; ++k) {
          sum.three[i][j][k] *= decay_[i] * decay_[j] * decay_[k];
        }
      }
    }
    return sum;
  }

 private:
  std::array<std::array<std::array<double, kDegrees>, 4>, kPowers> factors_{};
  NeuronBasis::Vector decay_{};
};

/// How many layers of a network are crossed at a time.
///
/// With S a step, psi after i layers of a stationary network is S^i psi = sum_j binomial(i, j) (S - 1)^j psi, and where
/// correlations decay slowly S - 1 is small: kDifferences terms then reach over many layers.
constexpr std::size_t kDifferences = 48;

std::size_t stretch_layers(const Network& network) {
  /// (S - 1)^j binomial(i, j) is of the order of this to the power j, over j!.
  constexpr double kLargestTerm = 6;
  constexpr double kMost = 1e9;
  const LayerScale layer = layer_scale(network, 1);
  const double odd_decay = std::copysign(1.0, layer.a) * (1 - 2 * network.flip());
  // Odd degrees that decay fast beside slow even ones, but not at once, let the terms grow.
  if (!network.is_stationary() || (odd_decay != 1 && odd_decay != 0)) return 1;
  const double largest = -std::expm1(static_cast<double>(kDegrees - 1) * layer.log_abs_a);
  const double layers = std::min(kMost, kLargestTerm / largest);
  return layers > kDifferences ? static_cast<std::size_t>(layers) : 1;
}

/// The mean of psi and those of psi times functions.
template <std::size_t N>
struct Averages {
  WidthSeries log_mean;
  std::array<WidthSeries, N> of;
};

/// E (V_l/n)^t psi(z_l), from layer to layer: psi says how much the networks that grew count at a layer, and is scaled
/// to mean 1.
template <std::size_t N>
class Chain {
 public:
  Chain(const Network& network, double t, const std::array<SymmetricFunction, N>& functions)
      : network_(network),
        scales_(network),
        t_(t),
        functions_(functions),
        eta_(network.asymmetry()),
        branch_(branch_powers(eta_, network.branch_depth())),
        layers_{averages(sums(psi_))} {}

  /// Of the layers 0, ..., last, the mean with each layer's own width, of functions relative to the mean.
  std::vector<Averages<N>> up_to(std::size_t last) {
    const std::size_t stretch = stretch_layers(network_);
    bool is_steady = false;
    while (layers_.size() <= last) {
      if (is_steady) {
        layers_.push_back(layers_.back());
        add(layers_.back().log_mean, 1, growth_);
        continue;
      }
      const SymmetricFunction before = psi_;
      advance(std::min(stretch, last + 1 - layers_.size()));
      is_steady = network_.is_stationary() && is_close(before, stretch);
    }
    return std::move(layers_);
  }

 private:
  /// Far below the truncated basis's error.
  static constexpr double kSteady = 1e-10;

  /// The mean of psi, and of its products with the functions.
  using Sums = std::array<WidthSeries, N + 1>;
  Sums sums(const SymmetricFunction& psi) const {
    Sums result{psi.none};
    for (std::size_t i = 0; i < N; ++i) result[i + 1] = inner_product(psi, functions_[i]);
    return result;
  }
  static Averages<N> averages(const Sums& sums) {
    Averages<N> result{.log_mean = log(sums[0]), .of{}};
    for (std::size_t i = 0; i < N; ++i) result.of[i] = reciprocal(sums[0]) * sums[i + 1];
    return result;
  }

  void advance(std::size_t layers) {
    const std::size_t first = layers_.size();
    if (first == 1 || !network_.is_stationary()) {
      step_.emplace(scales_.layer(first), 1 - 2 * network_.flip(), branch_, t_);
    }
    const double n = static_cast<double>(network_.width(first - 1));
    // layers^j (S - 1)^j psi, so that neither these nor their factors leave a double's range.
    const double unit = static_cast<double>(layers);
    SymmetricFunction difference = psi_;
    std::vector<Sums> differences{sums(difference)};
    double factor = 1;
    for (std::size_t j = 0; j < std::min(layers, kDifferences); ++j) {
      const SymmetricFunction after = (*step_)(eta_, difference);
      difference = WidthSeries{-unit} * difference;
      add(difference, unit, after);
      differences.push_back(sums(difference));
      factor *= (unit - static_cast<double>(j)) / (static_cast<double>(j + 1) * unit);
      add(psi_, factor, difference);
    }
    const WidthSeries log_mean = layers_.back().log_mean;
    for (std::size_t i = 1; i <= layers; ++i) {
      Sums after{};
      double binomial = 1;
      for (std::size_t j = 0; j < differences.size(); ++j) {
        add(after, binomial, differences[j]);
        binomial *= (static_cast<double>(i) - static_cast<double>(j)) / (static_cast<double>(j + 1) * unit);
      }
      Averages<N> layer = averages(after);
      for (std::size_t g = 1; g < 4; ++g) {
        layer.log_mean[g] = log_mean[g] + layer.log_mean[g] * std::pow(n, -static_cast<double>(g));
        growth_[g] = layer.log_mean[g] - layers_.back().log_mean[g];
      }
      layers_.push_back(layer);
    }
    psi_ = reciprocal(psi_.none) * psi_;
  }

  bool is_close(const SymmetricFunction& before, std::size_t layers) const {
    const double tolerance = -kSteady * std::expm1(static_cast<double>(layers) * scales_.layer(1).log_abs_a);
    for (std::size_t g = 0; g < 3; ++g) {
      double largest = 0;
      double change = 0;
      for (std::size_t i = 0; i < SymmetricFunction::kAll; ++i) {
        largest = std::max(largest, std::abs(psi_.one[g][i]));
        change = std::max(change, std::abs(psi_.one[g][i] - before.one[g][i]));
      }
      if (change > tolerance * largest) return false;
    }
    return true;
  }

  const Network& network_;
  NetworkScales scales_;
  double t_;
  std::array<SymmetricFunction, N> functions_;
  LayerNorm eta_;
  BranchPowers branch_;
  std::optional<Step> step_;
  SymmetricFunction psi_ = SymmetricFunction::constant();
  WidthSeries growth_{};
  std::vector<Averages<N>> layers_;
};

/// The terms of ln E(||z_l||^2/n)^t at one t.
std::vector<WidthSeries> log_moments(const Network& network, double t) {
  const SymmetricFunction last = one_plus_to_the(LayerNorm(0), t);
  std::vector<WidthSeries> result;
  result.reserve(network.depth() + 1);
  for (const auto& layer : Chain<1>(network, t, {last}).up_to(network.depth())) {
    const double n = static_cast<double>(network.width(result.size()));
    WidthSeries terms = log(layer.of[0]);
    for (std::size_t g = 1; g < 4; ++g) {
      terms[g] = layer.log_mean[g] + terms[g] * std::pow(n, -static_cast<double>(g));
    }
    result.push_back(terms);
  }
  return result;
}

/// The polynomial of degree 4 through 0 at 0 and these values at -2, -1, 1, 2.
MomentPolynomial through(double at_minus_2, double at_minus_1, double at_1, double at_2) {
  const double even_1 = (at_1 + at_minus_1) / 2;
  const double even_2 = (at_2 + at_minus_2) / 2;
  const double odd_1 = (at_1 - at_minus_1) / 2;
  const double odd_2 = (at_2 - at_minus_2) / 2;
  const double fourth = (even_2 - 4 * even_1) / 12;
  const double third = (odd_2 - 2 * odd_1) / 6;
  return {0, odd_1 - third, even_1 - fourth, third, fourth};
}

}  // namespace

std::vector<RecursionTerms> recursion_terms_by_layer(const Network& network) {
  const auto a = log_moments(network, -2);
  const auto b = log_moments(network, -1);
  const auto c = log_moments(network, 1);
  const auto d = log_moments(network, 2);
  std::vector<RecursionTerms> terms;
  terms.reserve(a.size());
  for (std::size_t l = 0; l < a.size(); ++l) {
    terms.push_back(
        {.second = through(a[l][2], b[l][2], c[l][2], d[l][2]), .third = through(a[l][3], b[l][3], c[l][3], d[l][3])});
  }
  return terms;
}

std::vector<ActivitySeries> activity_series(const Network& network) {
  // (1 + S_l) is the quotient of ||phi(z_l)||^2 by ||z_l||^2.
  const SymmetricFunction inverse = one_plus_to_the(LayerNorm(0), -1);
  SymmetricFunction quotient = LayerNorm(network.asymmetry()) * inverse;
  add(quotient, 1, inverse);
  SymmetricFunction sign;
  sign.one[0] = NeuronBasis::get().sign;
  std::vector<ActivitySeries> result;
  result.reserve(network.depth());
  for (const auto& layer : Chain<2>(network, 0, {quotient, sign}).up_to(network.depth() - 1)) {
    result.push_back({.hypoactivation = layer.of[0], .active_excess = layer.of[1]});
  }
  return result;
}

}  // namespace initlaw
