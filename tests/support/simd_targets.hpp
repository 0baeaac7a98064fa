#pragma once

#include <cstdint>
#include <vector>

#include "random/simd_targets.hpp"
// after simd_targets.hpp
#include <hwy/highway.h>

namespace initlaw::support {

/// The instruction sets that this machine has.
inline std::vector<std::int64_t> simd_targets() {
  std::vector<std::int64_t> targets;
  for (std::int64_t left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1) {
    targets.push_back(left & -left);
  }
  return targets;
}

/// While it lives, code compiled for several instruction sets runs on one of them.
class OnTarget {
 public:
  explicit OnTarget(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  ~OnTarget() {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  OnTarget(const OnTarget&) = delete;
  OnTarget& operator=(const OnTarget&) = delete;
};

}  // namespace initlaw::support
