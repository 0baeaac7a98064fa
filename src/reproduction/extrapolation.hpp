#pragma once

#include <vector>

#include "initlaw/statistics.hpp"

namespace initlaw {

/// A quantity measured at one width.
struct AtWidth {
  double width;
  Estimate measured;
};

/// The quantity's value at infinite width: D of D + c/n + e/n^2, fitted by weighted least squares to independent
/// measurements at three or more widths n. The error is that of the measurements.
Estimate extrapolate(const std::vector<AtWidth>& measurements);

}  // namespace initlaw
