#pragma once

#include <vector>

#include "initlaw/network.hpp"
#include "law/activation_covariance.hpp"

namespace initlaw {

/// What f(u) = phi(u)^2 - 1 of a neuron says of the same neuron at another layer, where the pre-activations u have the
/// correlation rho (docs/theory.md, "The log-Gaussian limit"; docs/architectures.md). With the normalized
/// Hermite coefficients f_k of f and s_k of sgn,
///
///     K(rho) = sum_{k != 2} f_k^2 w rho^k,       Q(rho) = sum_{k odd} f_k s_k w rho^k,
///
/// where signs that flip multiply odd k by w = (1 - 2p)^(l-m), and leave even k. f_2 is missing since ||u||^2 = n. For
/// positively homogeneous activations these are closed forms; for others f_k is computed until 1e-10 of K is accounted
/// for. Networks of linear-first branches have no memory.
class ActivationMemory {
 public:
  explicit ActivationMemory(const Network& network);

  struct Terms {
    double covariance;             ///< K(rho)
    double covariance_derivative;  ///< rho K'(rho)
    double sign_derivative;        ///< rho Q'(rho)
  };
  Terms terms(const Correlation& c, double w) const;

  /// lim n Var S = K(1).
  double variance() const { return variance_; }
  /// What h has of the sphere ||u||^2 = n alone: -(sqrt(24)/4) f_4.
  double sphere() const { return sphere_; }
  /// Var phi(g)^2, of normals g whose square norm is free.
  double free_variance() const { return free_variance_; }
  /// False if terms() are 0 for all rho.
  bool exists() const { return exists_; }
  /// Whether terms() are proportional to w.
  bool is_odd() const { return even_.empty(); }

 private:
  bool exists_ = true;
  double asymmetry_;  ///< of homogeneous activations
  double variance_;
  double sphere_ = 0;
  double free_variance_;
  bool is_homogeneous_;
  // Of others: f_k^2 and f_k s_k for odd k, f_k^2 for even k, each as a polynomial in rho^2 over rho^(0 or 1).
  std::vector<double> odd_;
  std::vector<double> even_;
  std::vector<double> odd_sign_;
};

}  // namespace initlaw
