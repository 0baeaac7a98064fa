#pragma once

#include <cstddef>
#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/input.hpp"
#include "initlaw/law.hpp"
#include "initlaw/network.hpp"

namespace INITLAW_API initlaw {

/// @file
/// Notation, as in docs/theory.md: n width, d depth, b asymmetry, p flip, B branch depth, r_l^2 = alpha_l^2 +
/// lambda_l^2, a_l = alpha_l/r_l, t_l = lambda_l^2/r_l^2, and for m < l: rho_{m,l} = a_{m+1} ... a_l, w_{m,l} =
/// (1-2p)^{l-m}. Where branches are normalized, r_l^2 = alpha_l^2 + lambda_l^2/q_{l-1} and t_l = 1 - a_l^2, q the mean
/// square of z at infinite width; there, and nowhere else, these quantities depend on the input. What costs O(d) memory
/// throws std::invalid_argument if this machine has not so much.

/// Mean and variance of G = ln(||z_d||^2/n) - ln(||x||^2/n_in).
struct LogNormGrowth {
  double mean;
  double variance;
};

/// mu and V, the parameters of G ~ N(mu, V) in the limit of infinite depth and width with d/n fixed; where branches are
/// normalized, and V of order 1/n at every depth, to first order in 1/n. Of uniform weights they are to leading order
/// what Gaussian ones have. Cost: O(d) for a stationary network without normalization, else O(d^2) at most (less where
/// the correlations decay). Throws std::invalid_argument if the input's length is not the network's.
/// Source: Li, Nica, Roy (2021), theorem 3.1; docs/theory.md, "The log-Gaussian limit".
LogNormGrowth log_gaussian_growth(const Network& network, const Input& input = {});

/// The same for each layer l = 0..d: mean and variance of ln(||z_l||^2/n_l) - ln(||x||^2/n_in) in the limit. The last
/// is log_gaussian_growth. Cost and source: as there; O(d) memory.
std::vector<LogNormGrowth> log_gaussian_growth_by_layer(const Network& network, const Input& input = {});

/// The infinite-depth-and-width law of ln||z_out||^2: log-Gaussian. Cost and source: as log_gaussian_growth.
/// Throws std::invalid_argument if the input's length is not the network's.
Law infinite_depth_and_width(const Network& network, const Input& input = {});

/// The infinite-width law of ln||z_out||^2 at fixed depth: z_out is Gaussian with variance
/// (||x||^2/n_in) prod_l (alpha_l^2 + lambda_l^2). Cost: O(d). Throws as infinite_depth_and_width does.
/// Source: docs/theory.md, "The infinite-width limit".
Law infinite_width(const Network& network, const Input& input = {});

/// True if exact_fully_connected(network) exists. That of linear-first networks costs seconds, and is made on request
/// alone. Cost: O(d).
bool has_exact_law(const Network& network);

/// The exact law of ln||z_out||^2 of a network of linear-first branches, at every width and depth: with ReLUs of any
/// leak, without normalization, with Gaussian weights, neither alpha nor lambda 0. Cost: some 0.7 s at width 100, 12 s
/// at 10^5, for each pair of alpha and lambda that layers have. Throws std::invalid_argument for other networks, and as
/// infinite_depth_and_width does. Source: docs/architectures.md.
Law exact_linear_first(const Network& network, const Input& input = {});

/// The exact law of ln||z_out||^2 of a ReLU network without skip path, at every width and depth, given that it is
/// alive. Cost: O(min(n, 20 sqrt(n))) complex gamma functions for each of some hundred frequencies and each distinct
/// width. Throws std::invalid_argument for other networks, and as infinite_depth_and_width does. Source:
/// docs/theory.md, "The exact law of the fully connected net".
Law exact_fully_connected(const Network& network, const Input& input = {});

/// h_l = lim n E[S_l], l = 0..d-1, where S_l = ||phi(s z_l)||^2/||z_l||^2 - 1, or of what the activation of layer l + 1
/// sees in z_l's place. Cost and source: as log_gaussian_growth.
std::vector<double> hypoactivation(const Network& network, const Input& input = {});

/// P(s z > 0) for a neuron of z_l, l = 0..d-1, to order 1/n: 1/2 + q_l/(2n). Cost and source: as
/// log_gaussian_growth.
std::vector<double> active_fraction(const Network& network, const Input& input = {});

/// lim n Cov(S_m, S_l) for layers m, l in 0..d-1, in either order; n Var S_l if m = l. Throws std::invalid_argument if
/// a layer is out of range. Cost: O(|l - m|). Source: docs/theory.md, "The log-Gaussian limit".
double interlayer_covariance(const Network& network, std::size_t m, std::size_t l, const Input& input = {});

/// The mean over m of lim n Cov(S_m, S_{m+lag}), m = 0..d-1-lag. Throws std::invalid_argument unless lag < d. Cost:
/// O(lag) for a stationary network, else O(d lag). Source: as interlayer_covariance.
double mean_interlayer_covariance(const Network& network, std::size_t lag, const Input& input = {});

/// The correlation of z_l at two inputs of cosine `rho`, l = 0..d, in the limit of infinite width: rho_l = a_l^2
/// rho_{l-1} + t_l k(rho_{l-1}), k the arc-cosine kernel of the activation, applied B times. Signs do not matter. Cost:
/// O(d B). Throws std::invalid_argument unless -1 <= rho <= 1. Source: Cho, Saul (2009); docs/theory.md, "Several
/// inputs".
std::vector<double> infinite_width_correlation(const Network& network, double rho);

/// The diagonal Theta = ||df/dW||^2 of the neural tangent kernel, for one output f and over all weights in the
/// parametrization of Network, and each layer's share in it.
struct TangentKernel {
  double log_diagonal;  ///< ln Theta
  /// Of W_0, of all matrices of layer l = 1..d, and of W_out.
  std::vector<double> share;
};

/// The tangent kernel's diagonal at infinite width: (||x||^2/n_in) prod_l r_l^2 (2 + B sum_l t_l). Cost: O(d). Throws
/// as infinite_width does. Source: Jacot, Gabriel, Hongler (2018); docs/gradient-law.md.
TangentKernel infinite_width_tangent_kernel(const Network& network, const Input& input = {});

/// Theta_ij/sqrt(Theta_ii Theta_jj) of the tangent kernel at two inputs of cosine `rho`, at infinite width. Cost: O(d
/// B). Throws std::invalid_argument unless -1 <= rho <= 1. Source: Jacot, Gabriel, Hongler (2018); docs/theory.md, "The
/// tangent kernel at several inputs".
double infinite_width_tangent_correlation(const Network& network, double rho);

}  // namespace initlaw
