#pragma once

#include <cmath>
#include <cstdint>

#include "initlaw/compare.hpp"

namespace initlaw {

/// What a Kolmogorov-Smirnov distance over so many samples says.
inline Verdict verdict_on(double ks, std::uint64_t samples) {
  const double resolution = 1.63 / std::sqrt(static_cast<double>(samples));
  if (ks < resolution) return resolution < kHoldsBelow ? Verdict::kExact : Verdict::kUndecided;
  if (ks < kHoldsBelow) return Verdict::kHolds;
  if (ks < kRoughBelow) return Verdict::kRough;
  return Verdict::kFails;
}

}  // namespace initlaw
