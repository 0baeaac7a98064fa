#pragma once

#include <vector>

#include "initlaw/network.hpp"
#include "law/moment_polynomial.hpp"

namespace initlaw {

/// The terms of order 1/n^2 of ln E(||z_l||^2/n)^t as polynomials in t, for l = 0..d or for the last layer alone
/// (docs/finite-width-law.md, section "Order 1/n^2"). Powers of 1/n are in them. Cost: O(d + k log k) for a stationary
/// network, else O(d k), k the number of layers over which correlations last; memory O(d). Throws
/// std::invalid_argument if the machine has not so much.
std::vector<MomentPolynomial> second_order_by_layer(const Network& network);
MomentPolynomial second_order(const Network& network);

}  // namespace initlaw
