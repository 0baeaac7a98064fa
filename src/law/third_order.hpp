#pragma once

#include <vector>

#include "initlaw/network.hpp"
#include "law/moment_polynomial.hpp"
#include "law/symmetric_function.hpp"

namespace initlaw {

/// Terms of ln E(||z_l||^2/n)^t of one order in 1/n as polynomials in t. Powers of 1/n are in them.
struct RecursionTerms {
  MomentPolynomial second;
  MomentPolynomial third;
};

/// By the recursion on symmetric functions of a layer's neurons (docs/finite-width-law.md, section "Order 1/n^3"), for
/// l = 0..d. Cost: some 0.1 ms a layer; for a stationary network until its steady state, and in stretches of many
/// layers where these change little.
std::vector<RecursionTerms> recursion_terms_by_layer(const Network& network);

/// Series in 1/n, for l = 0..d-1: those of E[S_l] and of 2 P(active) - 1. Cost: as above.
struct ActivitySeries {
  WidthSeries hypoactivation;
  WidthSeries active_excess;
};
std::vector<ActivitySeries> activity_series(const Network& network);

}  // namespace initlaw
