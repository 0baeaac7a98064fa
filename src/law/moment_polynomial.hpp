#pragma once

#include <array>
#include <cstddef>

namespace initlaw {

/// A polynomial in the moment's exponent t: the coefficients of t^0, ..., t^4.
using MomentPolynomial = std::array<double, 5>;

constexpr MomentPolynomial operator+(MomentPolynomial a, const MomentPolynomial& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

constexpr MomentPolynomial operator*(double factor, MomentPolynomial a) {
  for (double& coefficient : a) coefficient *= factor;
  return a;
}

/// A polynomial in t and in the operators x_1, x_2 that act on the factors of a product: coefficient [i][j] is that of
/// x_1^i x_2^j. Its total degree is at most 4.
class DiagramPolynomial {
 public:
  constexpr DiagramPolynomial(double constant = 0) { coefficients_[0][0][0] = constant; }  // NOLINT
  static constexpr DiagramPolynomial t() { return unit(0, 0, 1); }
  static constexpr DiagramPolynomial x1() { return unit(1, 0, 0); }
  static constexpr DiagramPolynomial x2() { return unit(0, 1, 0); }

  constexpr const MomentPolynomial& operator()(std::size_t i, std::size_t j) const { return coefficients_[i][j]; }

  friend constexpr DiagramPolynomial operator+(DiagramPolynomial a, const DiagramPolynomial& b) {
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) a.coefficients_[i][j] = a.coefficients_[i][j] + b.coefficients_[i][j];
    }
    return a;
  }
  friend constexpr DiagramPolynomial operator*(const DiagramPolynomial& a, const DiagramPolynomial& b) {
    DiagramPolynomial product;
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) {
        for (std::size_t p = 0; p < 5; ++p) {
          // Most are. Compilers, who make these products, would take seconds for them.
          if (a(i, j)[p] == 0) continue;
          for (std::size_t k = 0; i + k < 4; ++k) {
            for (std::size_t l = 0; j + l < 4; ++l) {
              for (std::size_t q = 0; p + q < 5; ++q) {
                product.coefficients_[i + k][j + l][p + q] += a(i, j)[p] * b(k, l)[q];
              }
            }
          }
        }
      }
    }
    return product;
  }
  friend constexpr DiagramPolynomial operator-(const DiagramPolynomial& a, const DiagramPolynomial& b) {
    return a + DiagramPolynomial(-1) * b;
  }

 private:
  static constexpr DiagramPolynomial unit(std::size_t i, std::size_t j, std::size_t power) {
    DiagramPolynomial result;
    result.coefficients_[i][j][power] = 1;
    return result;
  }

  std::array<std::array<MomentPolynomial, 4>, 4> coefficients_{};
};

/// x^i f, i = 0..3, of a function f of a correlation rho, x = -(1/2) rho d/d rho.
using Derivatives = std::array<double, 4>;

/// Sums over pairs of x_1^i P x_2^j Q.
class PairSums {
 public:
  void add(double factor, const Derivatives& P, const Derivatives& Q) {
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; i + j < 4; ++j) sums_[i][j] += factor * P[i] * Q[j];
    }
  }
  void add(std::size_t i, std::size_t j, double value) { sums_[i][j] += value; }
  /// The polynomial's operators applied to the sums.
  MomentPolynomial apply(const DiagramPolynomial& polynomial) const {
    MomentPolynomial result{};
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; i + j < 4; ++j) result = result + sums_[i][j] * polynomial(i, j);
    }
    return result;
  }

 private:
  std::array<Derivatives, 4> sums_{};
};

inline void add(Derivatives& sum, double factor, const Derivatives& term) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * term[i];
}

/// The same of one function, with x = x_1.
inline MomentPolynomial applied(const DiagramPolynomial& polynomial, const Derivatives& f) {
  MomentPolynomial result{};
  for (std::size_t i = 0; i < f.size(); ++i) result = result + f[i] * polynomial(i, 0);
  return result;
}

}  // namespace initlaw
