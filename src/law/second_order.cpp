#include "law/second_order.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "law/convolution.hpp"
#include "law/diagrams.hpp"
#include "law/layer_sums.hpp"
#include "network/memory.hpp"
#include "network/network_scales.hpp"

namespace initlaw {
namespace {

/// Below this covariance a pair, and all that are farther apart, are lost in a double's rounding of the sum.
constexpr double kNegligibleCovariance = 1e-25;

/// Label l = 0, ..., d - 1.
Label label(const Network& network, const NetworkScales& scales, std::size_t l) {
  const double tau = scales.layer(l + 1).t();
  // What is no normal number is no branch: beside it 1 - rho^2 has no digits.
  return {.tau = tau < std::numeric_limits<double>::min() ? 0 : tau,
          .b = network.asymmetry(),
          .inner_layers = static_cast<double>(network.branch_depth() - 1)};
}

/// Those of labels k - 1 - i, i = 0, 1, ..., and k, as far as they are correlated.
std::vector<LabelPair> pairs_before(const Network& network, const NetworkScales& scales, std::size_t k) {
  const double b = network.asymmetry();
  CorrelationProduct correlation;
  double w = 1;
  std::vector<LabelPair> pairs;
  for (std::size_t l = k; l > 0; --l) {
    correlation.multiply(scales.layer(l));
    w *= 1 - 2 * network.flip();
    const Correlation c = correlation.value();
    if (std::max(c.rho * c.rho, std::abs(b * b * w * c.rho)) < kNegligibleCovariance) break;
    pairs.emplace_back(c, w);
  }
  return pairs;
}

/// Adds label after label; each adds the diagrams of which it is the last. For any network.
class LabelSums {
 public:
  LabelSums(const Network& network, const NetworkScales& scales) : network_(network), scales_(scales) {}

  /// All diagrams among the labels that were added, and one more, the last.
  MomentPolynomial with_last_label() const { return total_ + diagrams(Label::last()); }

  /// Adds label k, the number of those there are.
  void add_label() {
    const Label next = label(network_, scales_, past_.size());
    total_ = total_ + diagrams(next);
    remember(next);
    pairs_ = pairs_before(network_, scales_, past_.size());
  }

  static double memory(std::size_t depth) { return static_cast<double>(depth) * (sizeof(Past) + sizeof(LabelPair)); }

 private:
  /// What is summed over labels between a label l and the one to come, or over labels before l.
  struct Past {
    Label label;
    double tau_before = 0;            ///< sum of tau_j over j < l
    double loops_before = 0;          ///< sum of tau_j^2 (c_j + inner_j) over j < l
    double squares_before = 0;        ///< sum of tau_j rho_{jl}^2 over j < l
    double squares_after = 0;         ///< sum of tau_m rho_{lm}^2 over m > l
    Derivatives covariance_before{};  ///< sum of tau_j C_{jl} over j < l
    Derivatives covariance_after{};   ///< sum of tau_m C_{lm} over m > l
    Derivatives g_before{};           ///< sum of tau_j b_j b_l w g(rho_{jl}) over j < l
    Derivatives across{};             ///< sum of tau_j tau_m C_{jm} over j < l < m
    Derivatives inside{};             ///< sum of tau_j tau_m C_{jm} over l < j < m
  };

  MomentPolynomial diagrams(const Label& last) const;
  void remember(const Label& next);

  const Network& network_;
  const NetworkScales& scales_;
  std::vector<Past> past_;
  std::vector<LabelPair> pairs_;  ///< of the label to come
  MomentPolynomial total_{};
  double tau_sum_ = 0;
  double loop_sum_ = 0;
};

MomentPolynomial LabelSums::diagrams(const Label& last) const {
  DiagramSums sums;
  double squares_between = 0;
  Derivatives covariance_between{};
  const std::size_t k = past_.size();
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const LabelPair& pair = pairs_[i];
    const Past& past = past_[k - 1 - i];
    const Label& first = past.label;
    if (first.tau == 0) continue;
    const double bb = first.b * last.b;
    const Derivatives C = pair.covariance(bb);
    sums.add(first, last, pair,
             {.tau = tau_sum_ - past.tau_before - first.tau,
              .loops = loop_sum_ - past.loops_before - first.loop(),
              .squares = past.squares_after + squares_between,
              .first_covariance = past.covariance_after,
              .last_covariance = covariance_between,
              .inside = past.inside});
    sums.chain.add(first.tau * first.tau, past.covariance_before, C);
    sums.interlaced.add(first.tau, past.across, C);
    add(sums.triple_one_square, first.tau * bb * past.squares_before, pair.g);
    add(sums.triple_one_square, first.tau * pair.rho2, past.g_before);
    squares_between += first.tau * pair.rho2;
    add(covariance_between, first.tau, C);
  }
  const double n = static_cast<double>(network_.width(k));
  return (1 / (n * n)) * (diagrams_of(last) + sums.total(last));
}

void LabelSums::remember(const Label& next) {
  const std::size_t k = past_.size();
  Past own{};
  own.label = next;
  own.tau_before = tau_sum_;
  own.loops_before = loop_sum_;
  tau_sum_ += next.tau;
  loop_sum_ += next.loop();
  const double bb = next.b * next.b;
  for (std::size_t i = pairs_.size(); i-- > 0;) {
    const LabelPair& pair = pairs_[i];
    Past& past = past_[k - 1 - i];
    const double tau = past.label.tau;
    if (tau == 0) continue;
    const Derivatives C = pair.covariance(bb);
    add(past.across, next.tau, own.covariance_before);
    past.squares_after += next.tau * pair.rho2;
    add(past.covariance_after, next.tau, C);
    own.squares_before += tau * pair.rho2;
    add(own.covariance_before, tau, C);
    add(own.g_before, tau * bb, pair.g);
  }
  Derivatives between{};
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    Past& past = past_[k - 1 - i];
    if (past.label.tau == 0) continue;
    add(past.inside, next.tau, between);
    add(between, past.label.tau, pairs_[i].covariance(bb));
  }
  past_.push_back(own);
}

/// The diagrams of a stationary network from a first label to a last one, by the distance of the two: all depends on
/// distances alone, so that sums over labels are sums over distances, and those of two pairs in a row convolutions.
class DistanceSums {
 public:
  DistanceSums(const Network& network, const NetworkScales& scales);

  /// For the distances 0, 1, ..., beyond which there are none.
  std::vector<MomentPolynomial> up_to(const Label& last) const;

  static double memory(std::size_t depth) {
    constexpr double kSequences = 60;
    return static_cast<double>(depth) * (sizeof(LabelPair) + kSequences * sizeof(double));
  }

 private:
  /// So many derivatives of a covariance are in chains, and so many of two together.
  static constexpr std::size_t kDerivatives = 3;
  static constexpr std::size_t kOrder = 3;

  /// sum over m, 0 < m < s, of x^i C_{0m} x^j C_{ms}.
  double chain(const Label& last, std::size_t i, std::size_t j, std::size_t s) const {
    if (last.b != 0) return chains_[std::min(i, j)][std::max(i, j)][s];
    return (j % 2 == 0 ? 2 : -2) * chains_to_square_[i][s];
  }

  Label inner_;
  std::vector<LabelPair> pairs_;  ///< [i]: of distance i + 1
  std::size_t distances_;
  using Sequence = std::vector<double>;                                  ///< by distance
  std::array<std::array<Sequence, kDerivatives>, kDerivatives> chains_;  ///< of x^i C and x^j C, i <= j
  std::array<Sequence, kDerivatives> chains_to_square_;                  ///< of x^i C and rho^2
  std::array<Sequence, 2> g_to_square_;                                  ///< of x^i w g and rho^2
};

DistanceSums::DistanceSums(const Network& network, const NetworkScales& scales)
    : inner_(label(network, scales, 0)),
      pairs_(inner_.tau == 0 ? std::vector<LabelPair>() : pairs_before(network, scales, network.depth())),
      distances_(std::min(network.depth(), 2 * pairs_.size())) {
  // rho^2 is geometric: a label more multiplies by a^2 = 1 - tau.
  const auto to_square = [&](const auto& function) {
    Sequence sums(distances_ + 1);
    double sum = 0;
    for (std::size_t s = 1; s <= distances_; ++s) {
      sums[s] = sum;
      if (s <= pairs_.size()) sum += function(pairs_[s - 1]);
      sum -= inner_.tau * sum;
    }
    return sums;
  };
  for (std::size_t i = 0; i < g_to_square_.size(); ++i) {
    g_to_square_[i] = to_square([&](const LabelPair& pair) { return pair.g[i]; });
  }
  std::array<Spectrum, kDerivatives> spectra;
  for (std::size_t j = 0; j < kDerivatives; ++j) {
    const auto C = [&](const LabelPair& pair) { return pair.covariance(inner_.b * inner_.b)[j]; };
    chains_to_square_[j] = to_square(C);
    Sequence sequence{0};
    for (const LabelPair& pair : pairs_) sequence.push_back(C(pair));
    spectra[j] = spectrum(std::move(sequence));
    for (std::size_t i = 0; i <= j && i + j <= kOrder; ++i) chains_[i][j] = convolution(spectra[i], spectra[j]);
  }
}

std::vector<MomentPolynomial> DistanceSums::up_to(const Label& last) const {
  const double tau = inner_.tau;
  const double tau2 = tau * tau;
  const double tau3 = tau2 * tau;
  const double b2 = inner_.b * inner_.b;
  const double bb = inner_.b * last.b;

  // Sums over smaller distances than the loop's, and of the chains up to it.
  Derivatives first_sum{}, last_sum{}, inside{};
  double squares_sum = 0;
  std::array<std::array<double, kDerivatives>, kDerivatives> chain_sum{};
  std::vector<MomentPolynomial> result{diagrams_of(last)};
  result.reserve(distances_ + 1);
  for (std::size_t s = 1; s <= distances_; ++s) {
    DiagramSums sums;
    for (std::size_t i = 0; i < kDerivatives; ++i) {
      for (std::size_t j = 0; j < kDerivatives && i + j <= kOrder; ++j) {
        const double here = chain(last, i, j, s);
        chain_sum[i][j] += here;
        sums.chain.add(i, j, tau3 * here);
        // C_{0m} C_{js}, j < m: all pairs of distances below s but those that together do not exceed it.
        sums.interlaced.add(i, j, tau3 * (first_sum[i] * last_sum[j] - chain_sum[i][j]));
      }
    }
    for (std::size_t i = 0; i < g_to_square_.size(); ++i) {
      sums.triple_one_square[i] = tau2 * (bb + b2) * g_to_square_[i][s];
    }
    Derivatives first_here{}, last_here{};
    if (s <= pairs_.size()) {
      const LabelPair& pair = pairs_[s - 1];
      const double labels = static_cast<double>(s - 1);
      LabelsBetween between{.tau = labels * tau,
                            .loops = labels * inner_.loop(),
                            .squares = 2 * tau * squares_sum,
                            .first_covariance{},
                            .last_covariance{},
                            .inside{}};
      add(between.first_covariance, tau, first_sum);
      add(between.last_covariance, tau, last_sum);
      add(between.inside, tau2, inside);
      sums.add(inner_, last, pair, between);
      squares_sum += pair.rho2;
      first_here = pair.covariance(b2);
      last_here = pair.covariance(bb);
    }
    result.push_back(sums.total(last));
    add(inside, 1, first_sum);
    add(first_sum, 1, first_here);
    add(last_sum, 1, last_here);
  }
  return result;
}

std::vector<MomentPolynomial> stationary_by_layer(const Network& network, const NetworkScales& scales) {
  const DistanceSums sums(network, scales);
  const auto from_inner = sums.up_to(label(network, scales, 0));
  const auto from_last = sums.up_to(Label::last());
  const double n = static_cast<double>(network.width(0));
  std::vector<MomentPolynomial> result;
  result.reserve(network.depth() + 1);
  // A layer more is a label more; each label is the last of diagrams of all distances from it.
  MomentPolynomial labels{}, of_label{}, of_last{};
  for (std::size_t l = 0; l <= network.depth(); ++l) {
    if (l < from_last.size()) of_last = of_last + from_last[l];
    result.push_back((1 / (n * n)) * (labels + of_last));
    if (l < from_inner.size()) of_label = of_label + from_inner[l];
    labels = labels + of_label;
  }
  return result;
}

}  // namespace

std::vector<MomentPolynomial> second_order_by_layer(const Network& network) {
  const double memory =
      network.is_stationary() ? DistanceSums::memory(network.depth()) : LabelSums::memory(network.depth());
  require_memory(fmt::format("depth {}: the finite-width law", network.depth()), memory);
  const NetworkScales scales(network);
  if (network.is_stationary()) return stationary_by_layer(network, scales);
  LabelSums sums(network, scales);
  std::vector<MomentPolynomial> result{sums.with_last_label()};
  while (result.size() <= network.depth()) {
    sums.add_label();
    result.push_back(sums.with_last_label());
  }
  return result;
}

MomentPolynomial second_order(const Network& network) {
  if (network.is_stationary()) return second_order_by_layer(network).back();
  const NetworkScales scales(network);
  LabelSums sums(network, scales);
  for (std::size_t l = 0; l < network.depth(); ++l) sums.add_label();
  return sums.with_last_label();
}

}  // namespace initlaw
