#pragma once

#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/input.hpp"
#include "initlaw/law.hpp"
#include "initlaw/network.hpp"

namespace INITLAW_API initlaw {

/// @file
/// What the limit of infinite depth and width leaves out: the next orders in 1/n, at fixed depth. Notation as in
/// limit.hpp. What costs O(d) memory throws std::invalid_argument if this machine has not so much.

/// Where the expansion of the cumulants in powers of 1/n ends.
enum class FiniteWidthOrder {
  kFirst,   ///< 1/n: mean and variance of the log-Gaussian limit
  kSecond,  ///< 1/n^2, in closed form; the third cumulant begins here
  kThird    ///< 1/n^3, numerically; the fourth cumulant begins here
};

/// Cumulants of G = ln(||z_d||^2/n) - ln(||x||^2/n_in).
struct LogNormCumulants {
  double mean;
  double variance;
  double third;   ///< 0 at first order
  double fourth;  ///< 0 at first and second order

  /// ln E e^{tG} to the same order in 1/n, at which it is a polynomial in t: of degree 2, 3 or 4.
  double log_moment(double t) const { return t * (mean + t * (variance / 2 + t * (third / 6 + t * fourth / 24))); }
};

/// The cumulants of G up to an order in 1/n.
///
/// Cost at second order, k <= d the number of layers over which correlations last: O(d + k log k) where alpha, lambda
/// and the width are constant, some 2 microseconds a layer at most; else O(d k), some 0.1 microseconds a pair of
/// layers. At third order 0.1 ms a layer more; where they are constant, for some k layers at most, and if correlations
/// decay slowly, p is 0 or 1/2 and alpha > 0, for 300 of each (alpha^2 + lambda^2)/lambda^2 layers. Accuracy: first and
/// second order to rounding, the third as third_order_error says. The terms left out are smaller than the last order's
/// by a factor of some 10/n to 30/n, so that third less second order is the size of the second's error. Source:
/// docs/finite-width-law.md.
LogNormCumulants log_norm_cumulants(const Network& network, FiniteWidthOrder order = FiniteWidthOrder::kSecond);

/// The same for each layer l = 0..d: of ln(||z_l||^2/n_l) - ln(||x||^2/n_in). The last is log_norm_cumulants. Cost: at
/// most twice that of the last alone.
std::vector<LogNormCumulants> log_norm_cumulants_by_layer(const Network& network,
                                                          FiniteWidthOrder order = FiniteWidthOrder::kSecond);

/// The relative error that the truncated basis of the third order's recursion makes, measured where it is known: by
/// how much the recursion's own terms of order 1/n^2 depart from the closed form. Cost: that of the third order.
double third_order_error(const Network& network);

/// True if finite_width(network, input, order) exists: if to this order the variance is positive, the outputs' kurtosis
/// not less than a Gaussian's, and the skewness between -2 and 2. Where they are not, the network is too narrow for the
/// expansion to say anything. Cost: that of log_norm_cumulants.
bool has_finite_width_law(const Network& network, FiniteWidthOrder order = FiniteWidthOrder::kSecond);

/// The law of ln||z_out||^2 at finite width: L has the first three cumulants of log_norm_cumulants and is of Pearson's
/// type III, a shifted gamma variable; the moments of z_out are those of the cumulants' series. At first order it is
/// infinite_depth_and_width. Cost: that of log_norm_cumulants. Throws std::invalid_argument unless
/// has_finite_width_law(network, order), or if the input's length is not the network's. Source:
/// docs/finite-width-law.md, "The law".
Law finite_width(const Network& network, const Input& input = {}, FiniteWidthOrder order = FiniteWidthOrder::kSecond);

/// A layer's activations at finite width, of all networks, the dead among them. NaN where the network is so narrow that
/// the expansion gives what cannot be.
struct LayerActivity {
  double hypoactivation;   ///< n E[S_l], S_l = ||phi(s z_l)||^2/||z_l||^2 - 1
  double active_fraction;  ///< P(s z_l > 0) of a neuron
};

/// Both for each layer l = 0..d-1, to relative order 1/n^2 beyond hypoactivation() and active_fraction(). Cost and
/// accuracy: those of the third order. Source: docs/finite-width-law.md.
std::vector<LayerActivity> layer_activity(const Network& network);

}  // namespace initlaw
