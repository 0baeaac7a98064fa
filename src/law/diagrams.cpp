#include "law/diagrams.hpp"

#include <numbers>

namespace initlaw {
namespace {

constexpr Derivatives square_derivatives(double rho2) { return {rho2, -rho2, rho2, -rho2}; }

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

}  // namespace

LabelPair::LabelPair(const Correlation& c, double w) : rho2(c.rho * c.rho) {
  const double rho = c.rho;
  const double r2 = rho2;
  const double k0 = 8 / std::numbers::pi;
  // rho d/d rho, applied once, twice and three times.
  const double K1 = rho * activation_covariance_derivative(c);
  const double K2 = K1 + r2 * k0 * c.arcsin;
  const double K3 = K1 + 3 * r2 * k0 * c.arcsin + r2 * rho * k0 / c.complement;
  const double A0 = k0 / 2 * (rho * c.complement + c.arcsin);
  const double A1 = k0 * rho * c.complement;
  const double A2 = k0 * rho * (1 - 2 * r2) / c.complement;
  const double g0 = A0 * (1 + r2) + 2 * K1;
  const double g1 = A1 * (1 + r2) + 2 * r2 * A0 + 2 * K2;
  const double g2 = A2 * (1 + r2) + 4 * r2 * (A1 + A0) + 2 * K3;
  K = {w * activation_covariance(c), -w * K1 / 2, w * K2 / 4, -w * K3 / 8};
  A = {w * A0, -w * A1 / 2, w * A2 / 4, 0};
  g = {w * g0, -w * g1 / 2, w * g2 / 4, 0};
}

Derivatives LabelPair::covariance(double bb) const {
  Derivatives C = square_derivatives(2 * rho2);
  initlaw::add(C, bb, K);
  return C;
}

void DiagramSums::add(const Label& first, const Label& last, const LabelPair& pair, const LabelsBetween& between) {
  using initlaw::add;
  const double tau = first.tau;
  const double bb = first.b * last.b;
  const Derivatives C = pair.covariance(bb);

  add(loop_between_, tau * between.loops, C);
  add(loop_left_, tau * first.loop(), C);
  add(with_last_, tau, C);
  add(inner_left_, tau * tau * first.inner(), C);
  twice_.add(tau * tau, C, C);
  same_first_.add(tau * tau, between.first_covariance, C);
  same_last_.add(tau, C, between.last_covariance);
  nested_.add(tau, C, between.inside);

  triple_squares_ += 8 * tau * pair.rho2 * between.tau;
  add(triple_ends_, tau * bb * between.squares, pair.A);
  // 2 rho K' = -4 x K.
  add(triple_product_, -4 * tau * bb * between.tau, {pair.K[1], pair.K[2], pair.K[3], 0});
  add(triple_first_twice_, tau * tau * (8 + 12 * first.b * first.b), square_derivatives(pair.rho2));
  add(triple_first_twice_, tau * tau * 2 * bb, pair.g);
  add(triple_last_twice_, tau * (8 + 12 * last.b * last.b), square_derivatives(pair.rho2));
  add(triple_last_twice_, tau * 2 * bb, pair.g);
}

MomentPolynomial DiagramSums::total(const Label& last) const {
  const MomentPolynomial once = applied(kLoopBetween, loop_between_) + applied(kLoopLeft, loop_left_) +
                                applied(kInnerLeft, inner_left_) + same_first_.apply(kSameFirst) + chain.apply(kChain) +
                                interlaced.apply(kInterlaced) + nested_.apply(kNested) +
                                triple_squares_ * of_t(kTripleSquares) + applied(kTripleOneSquare, triple_one_square) +
                                applied(kTripleEnds, triple_ends_) + applied(kTripleProduct, triple_product_) +
                                applied(kTripleFirstTwice, triple_first_twice_);
  const MomentPolynomial squared = twice_.apply(kTwice) + same_last_.apply(kSameLast) +
                                   last.inner() * applied(kInnerRight, with_last_) +
                                   applied(kTripleLastTwice, triple_last_twice_);
  const MomentPolynomial cubed = (last.c() + last.inner()) * applied(kLoopRight, with_last_);
  const double tau = last.tau;
  return tau * once + (tau * tau) * squared + (tau * tau * tau) * cubed;
}

MomentPolynomial diagrams_of(const Label& label) {
  const double c = label.c();
  const double tau2 = label.tau * label.tau;
  const double tau3 = tau2 * label.tau;
  const double tau4 = tau2 * tau2;
  const double third = 8 + 36 * label.b * label.b;
  const double inner = label.inner();
  const double pairs = label.inner_layers * (label.inner_layers - 1);
  return (c * c * tau4 / 8) * of_t(kLoopTwice) + (third * tau3 / 6) * of_t(kFalling3) +
         (pairs * c * c * tau2 / 4) * of_t(kFalling2) +
         ((label.inner_layers * third + 3 * pairs * c * c) * tau3 / 6) * of_t(kFalling3) +
         (inner * inner * tau4 / 8) * of_t(kLoopTwice) +
         (inner * c / 4) * (2 * tau2 * of_t(kFalling2) + 4 * tau3 * of_t(kFalling3) + tau4 * of_t(kLoopTwice));
}

}  // namespace initlaw
