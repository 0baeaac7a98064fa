#pragma once

#include <optional>

#include "initlaw/finite_width.hpp"
#include "initlaw/laws.hpp"
#include "initlaw/limit.hpp"

namespace initlaw {

/// What laws are made of that costs the most.
struct GrowthOfOrders {
  LogNormGrowth first;
  std::optional<LogNormCumulants> second;  ///< of networks of the standard architecture
};

/// laws() of a network whose growth is known.
std::vector<NamedLaw> laws(const Network& network, const Input& input, const GrowthOfOrders& growth);

}  // namespace initlaw
