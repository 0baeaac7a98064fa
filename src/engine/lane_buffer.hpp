#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <new>

namespace initlaw {

/// Of the longest vectors, and of their cache lines.
inline constexpr std::align_val_t kLaneAlignment{128};

struct DeleteLanes {
  void operator()(void* lanes) const { ::operator delete[](lanes, kLaneAlignment); }
};

/// Numbers of a block's networks, aligned for vectors.
template <typename Real>
using LaneBuffer = std::unique_ptr<Real[], DeleteLanes>;

/// A buffer that is written before it is read: in builds with assertions it holds NaN, so that a read of what was not
/// written shows.
template <typename Real>
LaneBuffer<Real> make_lane_buffer(std::size_t count) {
  LaneBuffer<Real> buffer(new (kLaneAlignment) Real[count]);
#ifndef NDEBUG
  std::fill_n(buffer.get(), count, std::numeric_limits<Real>::quiet_NaN());
#endif
  return buffer;
}

}  // namespace initlaw
