#pragma once

#include "initlaw/law.hpp"

namespace initlaw {

// What a law says of the size |z| of one output. Dead networks have z = 0.

/// P(|z| > limit) and P(|z| < limit), for a limit above 0.
double chance_above(const Law& law, double limit);
double chance_below(const Law& law, double limit);

/// The probabilities of the quantiles between which 90% of sizes lie.
inline constexpr double kLowQuantile = 0.05;
inline constexpr double kHighQuantile = 0.95;

/// ln of the ratio of these quantiles of |z| in living networks.
double log_quantile_ratio(const Law& law);

}  // namespace initlaw
