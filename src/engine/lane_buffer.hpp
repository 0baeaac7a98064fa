#pragma once

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace initlaw {

/// Numbers of a block's networks, aligned for vectors.
template <typename Real>
using LaneBuffer = hwy::AlignedFreeUniquePtr<Real[]>;

/// A buffer that is written before it is read: in builds with assertions it holds NaN, so that a read of what was not
/// written shows.
template <typename Real>
LaneBuffer<Real> make_lane_buffer(std::size_t count) {
  LaneBuffer<Real> buffer = hwy::AllocateAligned<Real>(count);
#ifndef NDEBUG
  std::fill_n(buffer.get(), count, std::numeric_limits<Real>::quiet_NaN());
#endif
  return buffer;
}

}  // namespace initlaw
