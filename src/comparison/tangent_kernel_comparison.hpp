#pragma once

#include <vector>

#include "initlaw/limit.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/tangent_kernel.hpp"

namespace initlaw {

/// The neural tangent kernel's diagonal, simulated and at infinite width.
struct TangentKernelComparison {
  Ensemble ensemble;  ///< with gradients, unless all vanished
  TangentKernel infinite_width;
};

TangentKernelComparison compare_tangent_kernel(Ensemble ensemble);

/// The tangent kernel at several inputs, simulated and at infinite width.
struct TangentKernelMatrixComparison {
  /// Theta_ij at infinite width.
  double infinite_width(std::size_t i, std::size_t j) const;

  TangentKernelEnsemble ensemble;
  /// Theta_ij/sqrt(Theta_ii Theta_jj) at infinite width, in the places of ensemble.cosine; 0 where an input is 0.
  std::vector<double> infinite_width_cosine;
};

TangentKernelMatrixComparison compare_tangent_kernel(TangentKernelEnsemble ensemble);

}  // namespace initlaw
