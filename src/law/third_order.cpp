#include "law/third_order.hpp"

#include <algorithm>
#include <cmath>

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
  for (std::size_t j = 0; j < kPowers; ++j) {
    add(result, powers[j], [&](std::size_t, std::size_t h) { return h == 0 ? binomial(T, j) : 0; });
  }
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
      double tau_power = 1;
      for (std::size_t j = 0; j < kPowers; ++j) {
        const double factor = tau_power * binomial(t - static_cast<double>(N) / 2, j);
        for (std::size_t q = 0; q <= j; ++q) {
          for (std::size_t g = 0; g < 4; ++g) factors_[q][g][N] += factor * branch[j][q][g];
        }
        tau_power *= layer.t();
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

/// E (V_l/n)^t psi(z_l), from layer to layer: psi says how much the networks that grew count at a layer, and is scaled
/// to mean 1.
class Chain {
 public:
  Chain(const Network& network, const NetworkScales& scales, double t)
      : network_(network),
        scales_(scales),
        t_(t),
        eta_(network.asymmetry()),
        branch_(branch_powers(eta_, network.branch_depth())),
        step_(step(1)) {}

  const LayerNorm& eta() const { return eta_; }
  const SymmetricFunction& psi() const { return psi_; }
  /// ln of what psi was divided by, each layer's terms with its own width.
  const WidthSeries& log_growth() const { return log_growth_; }

  void advance() {
    ++layer_;
    if (layer_ > 1 && !network_.is_stationary()) step_ = step(layer_);
    const SymmetricFunction before = psi_;
    psi_ = step_(eta_, psi_);
    const double n = static_cast<double>(network_.width(layer_ - 1));
    const WidthSeries growth = log(psi_.none);
    for (std::size_t g = 1; g < 4; ++g) log_growth_[g] += growth[g] * std::pow(n, -static_cast<double>(g));
    psi_ = reciprocal(psi_.none) * psi_;
    is_steady_ = network_.is_stationary() && is_close(before);
  }

  /// Whether further layers of a stationary network change nothing but add the same growth each.
  bool is_steady() const { return is_steady_; }

 private:
  /// Far below the truncated basis's error.
  static constexpr double kSteady = 1e-10;

  Step step(std::size_t l) const { return {scales_.layer(l), 1 - 2 * network_.flip(), branch_, t_}; }

  bool is_close(const SymmetricFunction& before) const {
    const double tolerance = kSteady * (1 - std::abs(scales_.layer(layer_).a));
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
  const NetworkScales& scales_;
  double t_;
  LayerNorm eta_;
  BranchPowers branch_;
  Step step_;
  std::size_t layer_ = 0;
  SymmetricFunction psi_ = SymmetricFunction::constant();
  WidthSeries log_growth_{};
  bool is_steady_ = false;
};

/// The terms of ln E(||z_l||^2/n)^t at one t.
std::vector<WidthSeries> log_moments(const Network& network, const NetworkScales& scales, double t) {
  Chain chain(network, scales, t);
  const SymmetricFunction last = one_plus_to_the(LayerNorm(0), t);
  std::vector<WidthSeries> result;
  result.reserve(network.depth() + 1);
  for (std::size_t l = 0; l <= network.depth(); ++l) {
    if (l > 0 && !chain.is_steady()) chain.advance();
    if (chain.is_steady() && l > 1) {
      const WidthSeries& one = result[l - 1];
      const WidthSeries& two = result[l - 2];
      WidthSeries next{};
      for (std::size_t g = 0; g < 4; ++g) next[g] = 2 * one[g] - two[g];
      result.push_back(next);
      continue;
    }
    WidthSeries terms = log(inner_product(chain.psi(), last));
    const double n = static_cast<double>(network.width(l));
    for (std::size_t g = 1; g < 4; ++g) {
      terms[g] = chain.log_growth()[g] + terms[g] * std::pow(n, -static_cast<double>(g));
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
  const NetworkScales scales(network);
  const auto a = log_moments(network, scales, -2);
  const auto b = log_moments(network, scales, -1);
  const auto c = log_moments(network, scales, 1);
  const auto d = log_moments(network, scales, 2);
  std::vector<RecursionTerms> terms;
  terms.reserve(a.size());
  for (std::size_t l = 0; l < a.size(); ++l) {
    terms.push_back(
        {.second = through(a[l][2], b[l][2], c[l][2], d[l][2]), .third = through(a[l][3], b[l][3], c[l][3], d[l][3])});
  }
  return terms;
}

std::vector<ActivitySeries> activity_series(const Network& network) {
  const NetworkScales scales(network);
  Chain chain(network, scales, 0);
  // (1 + S_l) is the quotient of ||phi(z_l)||^2 by ||z_l||^2.
  const SymmetricFunction inverse = one_plus_to_the(LayerNorm(0), -1);
  SymmetricFunction quotient = inverse;
  add(quotient, chain.eta() * inverse, [](std::size_t, std::size_t h) { return h == 0 ? 1.0 : 0.0; });
  SymmetricFunction sign;
  sign.one[0] = NeuronBasis::get().sign;
  std::vector<ActivitySeries> result;
  result.reserve(network.depth());
  for (std::size_t l = 0; l < network.depth(); ++l) {
    if (l > 0 && !chain.is_steady()) chain.advance();
    if (chain.is_steady() && l > 0) {
      result.push_back(result.back());
      continue;
    }
    result.push_back(
        {.hypoactivation = inner_product(chain.psi(), quotient), .active_excess = inner_product(chain.psi(), sign)});
  }
  return result;
}

}  // namespace initlaw
