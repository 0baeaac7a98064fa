#pragma once

#include "initlaw/statistics.hpp"

namespace initlaw {

/// The third cumulant E(x - mean)^3 of the numbers in a histogram, and its error for many numbers. Each number counts
/// as its bin's middle. Not finite if there are fewer than two numbers. Source: Kendall, Stuart, The Advanced Theory of
/// Statistics, vol. 1: n Var k_3 = mu_6 - 6 mu_4 mu_2 - mu_3^2 + 9 mu_2^3.
Estimate third_cumulant(const Histogram& histogram);

}  // namespace initlaw
