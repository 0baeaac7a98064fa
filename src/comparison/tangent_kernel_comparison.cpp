#include "comparison/tangent_kernel_comparison.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <utility>

#include "joint/joint_walk.hpp"

namespace initlaw {

TangentKernelComparison compare_tangent_kernel(Ensemble ensemble) {
  TangentKernel infinite_width = infinite_width_tangent_kernel(ensemble.network, ensemble.input);
  return {std::move(ensemble), std::move(infinite_width)};
}

double TangentKernelMatrixComparison::infinite_width(std::size_t i, std::size_t j) const {
  return std::exp(ensemble.log_unit[i] + ensemble.log_unit[j]) *
         infinite_width_cosine[TangentKernelEnsemble::place(i, j)];
}

TangentKernelMatrixComparison compare_tangent_kernel(TangentKernelEnsemble ensemble) {
  const Network& network = ensemble.network;
  const Eigen::MatrixXd x = normalized_columns(network, ensemble.inputs);
  const Eigen::MatrixXd cosines = x.transpose() * x / static_cast<double>(network.inputs());
  std::vector<double> infinite_width;
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    for (Eigen::Index j = 0; j <= i; ++j) {
      const bool is_zero = cosines(i, i) == 0 || cosines(j, j) == 0;
      infinite_width.push_back(
          is_zero ? 0 : infinite_width_tangent_correlation(network, i == j ? 1 : std::clamp(cosines(i, j), -1.0, 1.0)));
    }
  }
  return {std::move(ensemble), std::move(infinite_width)};
}

}  // namespace initlaw
