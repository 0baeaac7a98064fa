#pragma once

#include "initlaw/limit.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {

/// The neural tangent kernel's diagonal, simulated and at infinite width.
struct TangentKernelComparison {
  Ensemble ensemble;  ///< with gradients, unless all vanished
  TangentKernel infinite_width;
};

TangentKernelComparison compare_tangent_kernel(Ensemble ensemble);

}  // namespace initlaw
