#include "comparison/tangent_kernel_comparison.hpp"

#include <utility>

namespace initlaw {

TangentKernelComparison compare_tangent_kernel(Ensemble ensemble) {
  TangentKernel infinite_width = infinite_width_tangent_kernel(ensemble.network, ensemble.input);
  return {std::move(ensemble), std::move(infinite_width)};
}

}  // namespace initlaw
