#pragma once

#include "comparison/best_law.hpp"
#include "initlaw/regime.hpp"

namespace initlaw {

/// regime() of a network whose best law is known, and its limit of gradients, null if there is none or it was not asked
/// for.
Regime regime(const Network& network, const Input& input, const BestLaw& best, const GradientLimit* gradients);

}  // namespace initlaw
