#pragma once

#include "law/activation_covariance.hpp"
#include "law/moment_polynomial.hpp"

namespace initlaw {

/// One of the labels 0, ..., d of docs/finite-width-law.md: the last has tau = 1 and no activation after it.
struct Label {
  double tau;
  double b;
  double inner_layers;  ///< B - 1, those of the branch; 0 for the last label

  static constexpr Label last() { return {.tau = 1, .b = 0, .inner_layers = 0}; }

  double c() const { return 2 + 3 * b * b; }
  /// The variance of the branch's inner layers.
  double inner() const { return inner_layers * c(); }
  /// What the label's pair with itself counts.
  double loop() const { return tau * tau * (c() + inner()); }
};

/// What the diagrams need of two labels: functions of their correlation, those of the activation times w.
struct LabelPair {
  double rho2;    ///< rho^2
  Derivatives K;  ///< w K(rho)
  Derivatives A;  ///< w A(rho)
  Derivatives g;  ///< w g(rho), g = A (1 + rho^2) + 2 rho K'

  LabelPair(const Correlation& c, double w);

  /// C = 2 rho^2 + bb w K(rho), bb the product of the two labels' b.
  Derivatives covariance(double bb) const;
};

/// Sums over the labels m between the two of a pair l < k.
struct LabelsBetween {
  double tau;                    ///< of tau_m
  double loops;                  ///< of tau_m^2 (c_m + inner_m)
  double squares;                ///< of tau_m (rho_{lm}^2 + rho_{mk}^2)
  Derivatives first_covariance;  ///< of tau_m C_{lm}
  Derivatives last_covariance;   ///< of tau_m C_{mk}
  Derivatives inside;            ///< of tau_j tau_m C_{jm}, j < m
};

/// The diagrams of the order 1/n^2 that have a last label in common: the tables of docs/finite-width-law.md.
class DiagramSums {
 public:
  /// Those of the pair of a first label and the last, and of the labels between the two.
  void add(const Label& first, const Label& last, const LabelPair& pair, const LabelsBetween& between);

  // Those in which another label is the first, i < l, k the last: the sums over l of
  PairSums chain;       ///< tau_i tau_l^2 C_{il} C_{lk}
  PairSums interlaced;  ///< tau_i tau_l tau_m C_{im} C_{lk}, l < m < k
  /// tau_i tau_l (b_l b_k rho_{il}^2 w g(rho_{lk}) + b_i b_l w g(rho_{il}) rho_{lk}^2)
  Derivatives triple_one_square{};

  MomentPolynomial total(const Label& last) const;

 private:
  PairSums twice_, same_first_, same_last_, nested_;
  Derivatives loop_between_{}, loop_left_{}, inner_left_{}, with_last_{}, triple_ends_{}, triple_product_{},
      triple_first_twice_{}, triple_last_twice_{};
  double triple_squares_ = 0;
};

/// The diagrams of one label alone.
MomentPolynomial diagrams_of(const Label& label);

}  // namespace initlaw
