#pragma once

#include <cmath>
#include <cstdint>

#include "initlaw/compare.hpp"

namespace initlaw {

/// The Kolmogorov-Smirnov distance that chance exceeds once in a hundred times, over so many samples.
inline double resolution(std::uint64_t samples) { return 1.63 / std::sqrt(static_cast<double>(samples)); }

/// What a Kolmogorov-Smirnov distance over so many samples says.
inline Verdict verdict_on(double ks, std::uint64_t samples) {
  const double by_chance = resolution(samples);
  if (ks < by_chance) return by_chance < kHoldsBelow ? Verdict::kExact : Verdict::kUndecided;
  if (ks < kHoldsBelow) return Verdict::kHolds;
  if (ks < kRoughBelow) return Verdict::kRough;
  return Verdict::kFails;
}

}  // namespace initlaw
