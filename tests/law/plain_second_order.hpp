#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <vector>

#include "initlaw/network.hpp"

namespace initlaw {

/// What a wrong theory of the order 1/n^2 leaves out or takes for something else.
struct PlainVariation {
  bool triples = true;
  /// The operators x, by which a step's correlations feel the length of the step before.
  bool derivatives = true;
  /// Whether the last layer's label has no activation, as it should have.
  bool last_label_linear = true;
};

/// The sum of docs/finite-width-law.md over all pairs of pairs and all triples of labels as it is written, at one t:
/// the terms of ln E(||z_d||^2/n)^t of order 1/n^2 times n^2. It shares nothing with the library. Cost: O(d^4).
class PlainSecondOrder {
 public:
  explicit PlainSecondOrder(const Network& network, PlainVariation variation = {})
      : variation_(variation), d_(network.depth()), flip_factor_(1 - 2 * network.flip()) {
    B_ = static_cast<double>(network.branch_depth());
    for (std::size_t l = 0; l <= d_; ++l) {
      const bool last = l == d_;
      b_.push_back(last && variation.last_label_linear ? 0 : network.asymmetry());
      if (last) {
        tau_.push_back(1);
      } else {
        const double alpha = network.alpha(l + 1);
        const double lambda = network.lambda(l + 1);
        a_.push_back(alpha / std::hypot(alpha, lambda));
        tau_.push_back(lambda * lambda / (alpha * alpha + lambda * lambda));
      }
    }
  }

  double at(double t) const {
    double sum = 0;
    for (std::size_t l = 0; l <= d_; ++l) sum += alone(l, t);
    const std::vector<Pair> pairs = all_pairs();
    for (const Pair& P : pairs) {
      for (std::size_t l = 0; l <= d_; ++l) sum += loop_and_pair(l, P, t);
      for (const Pair& Q : pairs) sum += two_pairs(P, Q, t);
    }
    if (!variation_.triples) return sum;
    for (std::size_t l = 0; l <= d_; ++l) {
      for (std::size_t m = l; m <= d_; ++m) {
        for (std::size_t k = m; k <= d_; ++k) sum += triple(l, m, k, t);
      }
    }
    return sum;
  }

 private:
  /// f(rho), theta f, theta^2 f, theta^3 f, theta = rho d/d rho.
  using Theta = std::array<double, 4>;
  struct Pair {
    std::size_t l;
    std::size_t m;
    double tau;
    Theta C;
  };

  static constexpr double kPi = std::numbers::pi;

  double rho(std::size_t l, std::size_t m) const {
    double product = 1;
    for (std::size_t j = l; j < m; ++j) product *= a_[j];
    return product;
  }
  double bbw(std::size_t l, std::size_t m) const {
    return b_[l] * b_[m] * std::pow(flip_factor_, static_cast<double>(m - l));
  }
  double x_factor(int k) const { return variation_.derivatives || k == 0 ? std::pow(-0.5, k) : 0; }

  static Theta K(double r) {
    const double s = std::sqrt(1 - r * r);
    const double first = 8 / kPi * (s + r * std::asin(r));
    const double second = 8 / kPi * std::asin(r);
    const double third = 8 / kPi / s;
    return {2 / kPi * (3 * r * s + (1 + 2 * r * r) * std::asin(r)), r * first, r * first + r * r * second,
            r * first + 3 * r * r * second + r * r * r * third};
  }
  static Theta A(double r) {
    const double s = std::sqrt(1 - r * r);
    return {4 / kPi * (r * s + std::asin(r)), 8 / kPi * r * s, 8 / kPi * r * (1 - 2 * r * r) / s, 0};
  }
  /// theta^k of r^2 f.
  static Theta times_square(const Theta& f, double r) {
    return {r * r * f[0], r * r * (2 * f[0] + f[1]), r * r * (4 * f[0] + 4 * f[1] + f[2]), 0};
  }
  static Theta g(double r) {
    const Theta f = A(r);
    const Theta f2 = times_square(f, r);
    const Theta k = K(r);
    return {f[0] + f2[0] + 2 * k[1], f[1] + f2[1] + 2 * k[2], f[2] + f2[2] + 2 * k[3], 0};
  }
  static Theta square(double r) { return {r * r, 2 * r * r, 4 * r * r, 8 * r * r}; }

  double c(std::size_t l) const { return 2 + 3 * b_[l] * b_[l]; }
  double inner(std::size_t l) const { return l == d_ ? 0 : (B_ - 1) * c(l); }

  std::vector<Pair> all_pairs() const {
    std::vector<Pair> pairs;
    for (std::size_t l = 0; l <= d_; ++l) {
      for (std::size_t m = l + 1; m <= d_; ++m) {
        if (tau_[l] == 0 || tau_[m] == 0) continue;
        const double r = rho(l, m);
        Theta C = K(r);
        for (std::size_t i = 0; i < 4; ++i) C[i] = 2 * square(r)[i] + bbw(l, m) * C[i];
        pairs.push_back({l, m, tau_[l] * tau_[m], C});
      }
    }
    return pairs;
  }

  double alone(std::size_t l, double t) const {
    const double tau = tau_[l];
    const double b2 = b_[l] * b_[l];
    const double f2 = t * (t - 1);
    const double f3 = f2 * (t - 2);
    const double loops = std::pow(tau, 4) * f2 * (6 - 4 * t);
    const double k = inner(l);
    double sum = c(l) * c(l) * loops / 8;
    if (variation_.triples) sum += std::pow(tau, 3) * f3 * (8 + 36 * b2) / 6;
    if (l == d_) return sum;
    return sum + (B_ - 1) * (B_ - 2) / 4 * c(l) * c(l) * tau * tau * f2 +
           ((B_ - 1) * (8 + 36 * b2) + 3 * (B_ - 1) * (B_ - 2) * c(l) * c(l)) * std::pow(tau, 3) * f3 / 6 +
           k * k / 8 * loops + k / 4 * c(l) * (2 * tau * tau * f2 + 4 * std::pow(tau, 3) * f3 + loops);
  }

  /// A polynomial in x, applied to f.
  double apply(const std::function<double(double)>& polynomial, const Theta& f) const {
    // Of degree 3 at most, so that its coefficients follow from four values.
    const double p0 = polynomial(0), p1 = polynomial(1), m1 = polynomial(-1), p2 = polynomial(2);
    const double c2 = (p1 + m1) / 2 - p0;
    const double c3 = (p2 - p0 - 4 * c2 - (p1 - m1)) / 6;
    const double c1 = (p1 - m1) / 2 - c3;
    return p0 * f[0] + c1 * x_factor(1) * f[1] + c2 * x_factor(2) * f[2] + c3 * x_factor(3) * f[3];
  }
  double apply2(const std::function<double(double, double)>& polynomial, const Theta& f, const Theta& g) const {
    return apply([&](double x1) { return apply([&](double x2) { return polynomial(x1, x2); }, g); }, f);
  }

  double loop_and_pair(std::size_t l, const Pair& P, double t) const {
    const double tau2 = tau_[l] * tau_[l];
    double sum = 0;
    const double half = tau2 * (c(l) + inner(l)) * P.tau / 2;
    if (P.l < l && l < P.m) sum += half * apply([&](double x) { return t * (t + x) * x * (2 * t + x - 1); }, P.C);
    if (l == P.l) {
      sum += half * apply([&](double x) { return t * (t + x) * ((t + x - 1) * (t + x - 2) - t * (t - 1)); }, P.C);
      sum += inner(l) * tau_[l] * P.tau * apply([&](double x) { return (t + x) * (t + x - 1) * t; }, P.C);
    }
    if (l == P.m) {
      sum += half * apply([&](double x) { return -2 * t * (t - 1) * (t + x); }, P.C);
      sum += inner(l) * tau_[l] * P.tau * apply([&](double x) { return t * (t - 1) * (t + x); }, P.C);
    }
    return sum;
  }

  double two_pairs(const Pair& P, const Pair& Q, double t) const {
    const auto sum = [&](const std::function<double(double, double)>& f) {
      return P.tau * Q.tau * apply2(f, P.C, Q.C);
    };
    if (P.l == Q.l && P.m == Q.m) {
      return 0.5 * sum([&](double x1, double x2) {
               return t * (t - 1) * (t + x1 + x2) * (t + x1 + x2 - 1) - t * t * (t + x1) * (t + x2);
             });
    }
    if (P.l == Q.l && P.m < Q.m) {
      return sum(
          [&](double x1, double x2) { return t * (t + x2) * ((t + x1 + x2) * (t + x1 + x2 - 1) - t * (t + x1)); });
    }
    if (P.m == Q.m && P.l < Q.l) {
      return sum([&](double x1, double x2) { return t * (t + x1) * ((t - 1) * (t + x1 + x2) - t * (t + x2)); });
    }
    if (P.m == Q.l) return sum([&](double x1, double x2) { return t * (t + x1) * (t + x2) * (x2 - 1); });
    if (P.l < Q.l && Q.l < P.m && P.m < Q.m) {
      return sum([&](double x1, double x2) { return t * (t + x1) * (t + x2) * (x1 + x2); });
    }
    if (P.l < Q.l && Q.m < P.m) {
      return sum([&](double x1, double x2) { return t * (t + x1) * x1 * (2 * t + x1 + x2); });
    }
    return 0;
  }

  double triple(std::size_t l, std::size_t m, std::size_t k, double t) const {
    const double tau = tau_[l] * tau_[m] * tau_[k];
    if (tau == 0 || l == k) return 0;
    if (l == m || m == k) {
      const bool first = l == m;
      const double r = rho(l, k);
      const double b2 = first ? b_[l] * b_[l] : b_[m] * b_[m];
      Theta f = square(r);
      const Theta G = g(r);
      for (std::size_t i = 0; i < 4; ++i) f[i] = (8 + 12 * b2) * f[i] + 2 * bbw(l, k) * G[i];
      return tau / 2 * apply([&](double x) { return first ? t * (t + x) * (t + x - 1) : t * (t - 1) * (t + x); }, f);
    }
    const double r1 = rho(l, m);
    const double r2 = rho(m, k);
    const double r = r1 * r2;
    const auto each = [&](const Theta& f1, const Theta& f2) {
      return apply2([&](double x1, double x2) { return t * (t + x1) * (t + x2); }, f1, f2);
    };
    // Both thetas act on a function of rho_1 rho_2 alike.
    const Theta k0 = K(r);
    const Theta a0 = A(r);
    const double one = x_factor(1);
    const double two = x_factor(2);
    const auto both = [&](double shift, const Theta& f) {
      // (t + x + shift) (t + x) f, shift the x of a square beside f.
      return t * ((t + shift) * t * f[0] + (2 * t + shift) * one * f[1] + two * f[2]);
    };
    const double of_square = 2 * one;
    return tau * (8 * each(square(r1), square(r2)) + bbw(m, k) * each(square(r1), g(r2)) +
                  bbw(l, m) * each(g(r1), square(r2)) +
                  bbw(l, k) * ((r1 * r1 + r2 * r2) * both(of_square, a0) + 2 * both(0, {k0[1], k0[2], k0[3], 0})));
  }

  PlainVariation variation_;
  std::size_t d_;
  double flip_factor_;
  double B_;
  std::vector<double> b_;
  std::vector<double> tau_;
  std::vector<double> a_;
};

}  // namespace initlaw
