#include "law/second_order.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "law/layer_sums.hpp"
#include "network/memory.hpp"
#include "network/network_scales.hpp"

namespace initlaw {
namespace {

/// Below this covariance a pair, and all that are farther apart, are lost in a double's rounding of the sum.
constexpr double kNegligible = 1e-25;

/// What the sums need of two labels: functions of their correlation, those of the activation times w.
struct Pair {
  double rho2;    ///< rho^2
  Derivatives K;  ///< w K(rho)
  Derivatives A;  ///< w A(rho)
  Derivatives g;  ///< w g(rho), g = A (1 + rho^2) + 2 rho K'
};

Pair pair_of(const Correlation& c, double w) {
  const double rho = c.rho;
  const double r2 = rho * rho;
  const double k0 = 8 / std::numbers::pi;
  const double arcsin = c.arcsin();
  // rho d/d rho, applied once, twice and three times.
  const double K1 = rho * activation_covariance_derivative(c);
  const double K2 = K1 + r2 * k0 * arcsin;
  const double K3 = K1 + 3 * r2 * k0 * arcsin + r2 * rho * k0 / c.complement;
  const double A0 = k0 / 2 * (rho * c.complement + arcsin);
  const double A1 = k0 * rho * c.complement;
  const double A2 = k0 * rho * (1 - 2 * r2) / c.complement;
  const double g0 = A0 * (1 + r2) + 2 * K1;
  const double g1 = A1 * (1 + r2) + 2 * r2 * A0 + 2 * K2;
  const double g2 = A2 * (1 + r2) + 4 * r2 * (A1 + A0) + 2 * K3;
  return {.rho2 = r2,
          .K = {w * activation_covariance(c), -w * K1 / 2, w * K2 / 4, -w * K3 / 8},
          .A = {w * A0, -w * A1 / 2, w * A2 / 4, 0},
          .g = {w * g0, -w * g1 / 2, w * g2 / 4, 0}};
}

constexpr Derivatives square_derivatives(double rho2) { return {rho2, -rho2, rho2, -rho2}; }

/// C_{lm} = 2 rho^2 + b_l b_m w K(rho).
Derivatives covariance(const Pair& pair, double bb) {
  Derivatives C = square_derivatives(2 * pair.rho2);
  add(C, bb, pair.K);
  return C;
}

constexpr auto t = DiagramPolynomial::t();
constexpr auto x = DiagramPolynomial::x1();
constexpr auto x1 = DiagramPolynomial::x1();
constexpr auto x2 = DiagramPolynomial::x2();

// The factors of the diagrams, in the order of docs/finite-width-law.md, table 1: l < j < k etc. as named there.
constexpr auto kLoopBetween = DiagramPolynomial(0.5) * t * (t + x) * x * (2 * t + x - 1);
constexpr auto kLoopLeft = DiagramPolynomial(0.5) * t * (t + x) * ((t + x - 1) * (t + x - 2) - t * (t - 1));
constexpr auto kLoopRight = DiagramPolynomial(-1) * t * (t - 1) * (t + x);
constexpr auto kTwice =
    DiagramPolynomial(0.5) * (t * (t - 1) * (t + x1 + x2) * (t + x1 + x2 - 1) - t * t * (t + x1) * (t + x2));
constexpr auto kSameFirst = t * (t + x2) * ((t + x1 + x2) * (t + x1 + x2 - 1) - t * (t + x1));
constexpr auto kSameLast = t * (t + x1) * ((t - 1) * (t + x1 + x2) - t * (t + x2));
constexpr auto kChain = t * (t + x1) * (t + x2) * (x2 - 1);
constexpr auto kInterlaced = t * (t + x1) * (t + x2) * (x1 + x2);
constexpr auto kNested = t * (t + x1) * x1 * (2 * t + x1 + x2);
// Of triples.
constexpr auto kTripleSquares = t * (t - 1) * (t - 1);
constexpr auto kTripleOneSquare = t * (t - 1) * (t + x);
constexpr auto kTripleEnds = t * (t + x) * (t + x - 1);
constexpr auto kTripleProduct = t * (t + x) * (t + x);
constexpr auto kTripleFirstTwice = DiagramPolynomial(0.5) * t * (t + x) * (t + x - 1);
constexpr auto kTripleLastTwice = DiagramPolynomial(0.5) * t * (t - 1) * (t + x);
// Of the inner layers of branches, on tau_j tau_k C_{jk}.
constexpr auto kInnerLeft = t * (t + x) * (t + x - 1);
constexpr auto kInnerRight = t * (t - 1) * (t + x);
// Of one label.
constexpr auto kFalling2 = t * (t - 1);
constexpr auto kFalling3 = t * (t - 1) * (t - 2);
constexpr auto kLoopTwice = t * (t - 1) * (6 - 4 * t);

constexpr MomentPolynomial of_t(const DiagramPolynomial& polynomial) { return polynomial(0, 0); }

/// One of the labels 0, ..., d: the last has tau = 1 and no activation after it.
struct Label {
  double tau;
  double b;
  double inner;  ///< (B - 1)(2 + 3 b^2), the variance of the branch's inner layers; 0 for the last label

  double c() const { return 2 + 3 * b * b; }
};

/// Adds label after label; each adds the diagrams of which it is the last.
class Sums {
 public:
  explicit Sums(const Network& network) : network_(network), scales_(network), flip_factor_(1 - 2 * network.flip()) {
    require_memory(fmt::format("depth {}: the finite-width law", network.depth()),
                   static_cast<double>(network.depth()) * (sizeof(Past) + sizeof(Pair)));
  }

  /// The number of labels added.
  std::size_t labels() const { return past_.size(); }

  /// All diagrams among the labels that were added, and one more, the last.
  MomentPolynomial with_last_label() {
    const std::size_t k = labels();
    correlate(k);
    return total_ + diagrams(k, {.tau = 1, .b = 0, .inner = 0});
  }

  /// Adds label k = labels().
  void add_label() {
    const std::size_t k = labels();
    correlate(k);
    const Label label = inner_label(k);
    total_ = total_ + diagrams(k, label);
    remember(label);
  }

  /// Whether every further label of a stationary network adds the same: correlations end before three times as many
  /// labels, as diagrams reach over less than that.
  bool are_steady() const { return network_.is_stationary() && ended_ && labels() > 3 * (pairs_.size() + 1); }

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

  Label inner_label(std::size_t k) const {
    const double b = network_.asymmetry();
    const double tau = scales_.layer(k + 1).t();
    // What is no normal number is no branch: beside it 1 - rho^2 has no digits.
    return {.tau = tau < std::numeric_limits<double>::min() ? 0 : tau,
            .b = b,
            .inner = static_cast<double>(network_.branch_depth() - 1) * (2 + 3 * b * b)};
  }

  bool is_negligible(const Correlation& c, double w) const {
    const double b = network_.asymmetry();
    return std::max(c.rho * c.rho, std::abs(b * b * w * c.rho)) < kNegligible;
  }

  /// pairs_[i] is that of labels k - 1 - i and k.
  void correlate(std::size_t k) {
    if (!network_.is_stationary()) {
      if (correlated_ == k) return;
      correlation_ = {};
      w_ = 1;
      pairs_.clear();
      ended_ = false;
    }
    for (std::size_t lag = pairs_.size() + 1; lag <= k && !ended_; ++lag) {
      correlation_.multiply(scales_.layer(k + 1 - lag));
      w_ *= flip_factor_;
      const Correlation c = correlation_.value();
      ended_ = is_negligible(c, w_);
      if (!ended_) pairs_.push_back(pair_of(c, w_));
    }
    correlated_ = k;
  }

  MomentPolynomial diagrams(std::size_t k, const Label& last) const;
  MomentPolynomial own_diagrams(const Label& label) const;
  void remember(const Label& label);

  const Network& network_;
  NetworkScales scales_;
  double flip_factor_;
  std::vector<Past> past_;
  MomentPolynomial total_{};
  double tau_sum_ = 0;
  double loop_sum_ = 0;

  std::vector<Pair> pairs_;
  CorrelationProduct correlation_;
  double w_ = 1;
  bool ended_ = false;
  std::size_t correlated_ = 0;
};

MomentPolynomial Sums::own_diagrams(const Label& label) const {
  const auto& [tau, b, inner] = label;
  const double c = label.c();
  const double tau2 = tau * tau;
  const double tau3 = tau2 * tau;
  const double tau4 = tau2 * tau2;
  const double third = 8 + 36 * b * b;
  MomentPolynomial sum = (c * c * tau4 / 8) * of_t(kLoopTwice) + (third * tau3 / 6) * of_t(kFalling3);
  if (inner > 0) {
    const double layers = static_cast<double>(network_.branch_depth() - 1);
    const double pairs = layers * (layers - 1);
    const double s = c;
    sum = sum + (pairs * s * s * tau2 / 4) * of_t(kFalling2) +
          ((layers * third + 3 * pairs * s * s) * tau3 / 6) * of_t(kFalling3) +
          (inner * inner * tau4 / 8) * of_t(kLoopTwice) +
          (inner * c / 4) * (2 * tau2 * of_t(kFalling2) + 4 * tau3 * of_t(kFalling3) + tau4 * of_t(kLoopTwice));
  }
  return sum;
}

MomentPolynomial Sums::diagrams(std::size_t k, const Label& last) const {
  const double n_k = static_cast<double>(network_.width(k));
  MomentPolynomial sum = (1 / (n_k * n_k)) * own_diagrams(last);

  // Sums over labels j between the label of the loop and k, in units of tau_k.
  double squares_between = 0;
  Derivatives covariance_between{};
  // Sums over all labels.
  PairSums twice, same_first, same_last, chain, interlaced, nested;
  Derivatives loop_between{}, loop_left{}, loop_right{}, inner_left{}, inner_right{}, triple_one_square{},
      triple_ends{}, triple_product{}, triple_first_twice{}, triple_last_twice{};
  double triple_squares = 0;
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const Pair& pair = pairs_[i];
    const Past& past = past_[k - 1 - i];
    const double tau = past.label.tau;
    if (tau == 0) continue;
    const double bb = past.label.b * last.b;
    const Derivatives C = covariance(pair, bb);
    const double tau_between = tau_sum_ - past.tau_before - tau;
    const double c = past.label.c();
    const double own_loop = tau * tau * (c + past.label.inner);

    add(loop_between, tau * (loop_sum_ - past.loops_before - own_loop), C);
    add(loop_left, tau * own_loop, C);
    add(loop_right, tau, C);
    add(inner_left, tau * tau * past.label.inner, C);
    add(inner_right, tau, C);
    twice.add(tau * tau, C, C);
    same_first.add(tau * tau, past.covariance_after, C);
    same_last.add(tau, C, covariance_between);
    chain.add(tau * tau, past.covariance_before, C);
    interlaced.add(tau, past.across, C);
    nested.add(tau, C, past.inside);

    triple_squares += 8 * tau * pair.rho2 * tau_between;
    add(triple_one_square, tau * bb * past.squares_before, pair.g);
    add(triple_one_square, tau * pair.rho2, past.g_before);
    add(triple_ends, tau * bb * (past.squares_after + squares_between), pair.A);
    // 2 rho K' = -4 x K.
    add(triple_product, -4 * tau * bb * tau_between, {pair.K[1], pair.K[2], pair.K[3], 0});
    add(triple_first_twice, tau * tau * (8 + 12 * past.label.b * past.label.b), square_derivatives(pair.rho2));
    add(triple_first_twice, tau * tau * 2 * bb, pair.g);
    add(triple_last_twice, tau * (8 + 12 * last.b * last.b), square_derivatives(pair.rho2));
    add(triple_last_twice, tau * 2 * bb, pair.g);

    squares_between += tau * pair.rho2;
    add(covariance_between, tau, C);
  }

  const double tau = last.tau;
  const MomentPolynomial once = applied(kLoopBetween, loop_between) + applied(kLoopLeft, loop_left) +
                                applied(kInnerLeft, inner_left) + same_first.apply(kSameFirst) + chain.apply(kChain) +
                                interlaced.apply(kInterlaced) + nested.apply(kNested) +
                                triple_squares * of_t(kTripleSquares) + applied(kTripleOneSquare, triple_one_square) +
                                applied(kTripleEnds, triple_ends) + applied(kTripleProduct, triple_product) +
                                applied(kTripleFirstTwice, triple_first_twice);
  const MomentPolynomial squared = twice.apply(kTwice) + same_last.apply(kSameLast) +
                                   last.inner * applied(kInnerRight, inner_right) +
                                   applied(kTripleLastTwice, triple_last_twice);
  const MomentPolynomial cubed = (last.c() + last.inner) * applied(kLoopRight, loop_right);
  return sum + (1 / (n_k * n_k)) * (tau * once + (tau * tau) * squared + (tau * tau * tau) * cubed);
}

void Sums::remember(const Label& label) {
  const std::size_t k = labels();
  Past own{};
  own.label = label;
  own.tau_before = tau_sum_;
  own.loops_before = loop_sum_;
  tau_sum_ += label.tau;
  loop_sum_ += label.tau * label.tau * (label.c() + label.inner);
  const double bb = label.b * label.b;
  for (std::size_t i = pairs_.size(); i-- > 0;) {
    const Pair& pair = pairs_[i];
    Past& past = past_[k - 1 - i];
    const double tau = past.label.tau;
    if (tau == 0) continue;
    const Derivatives C = covariance(pair, bb);
    add(past.across, label.tau, own.covariance_before);
    past.squares_after += label.tau * pair.rho2;
    add(past.covariance_after, label.tau, C);
    own.squares_before += tau * pair.rho2;
    add(own.covariance_before, tau, C);
    add(own.g_before, tau * bb, pair.g);
  }
  Derivatives between{};
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    Past& past = past_[k - 1 - i];
    if (past.label.tau == 0) continue;
    add(past.inside, label.tau, between);
    add(between, past.label.tau, covariance(pairs_[i], bb));
  }
  past_.push_back(own);
}

}  // namespace

std::vector<MomentPolynomial> second_order_by_layer(const Network& network) {
  Sums sums(network);
  std::vector<MomentPolynomial> result;
  result.reserve(network.depth() + 1);
  for (std::size_t l = 0; l <= network.depth(); ++l) {
    if (sums.are_steady()) {
      result.push_back(2 * result[l - 1] + -1 * result[l - 2]);
    } else {
      result.push_back(sums.with_last_label());
      if (l < network.depth()) sums.add_label();
    }
  }
  return result;
}

MomentPolynomial second_order(const Network& network) {
  Sums sums(network);
  while (sums.labels() < network.depth() && !sums.are_steady()) sums.add_label();
  const MomentPolynomial last = sums.with_last_label();
  const std::size_t left = network.depth() - sums.labels();
  if (left == 0) return last;
  sums.add_label();
  return last + static_cast<double>(left) * (sums.with_last_label() + -1 * last);
}

}  // namespace initlaw
