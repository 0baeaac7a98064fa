#include "reproduction/extrapolation.hpp"

#include <Eigen/LU>
#include <Eigen/QR>
#include <cmath>

namespace initlaw {

Estimate extrapolate(const std::vector<AtWidth>& measurements) {
  const auto count = static_cast<Eigen::Index>(measurements.size());
  Eigen::MatrixXd design(count, 3);
  Eigen::VectorXd measured(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const auto& [n, estimate] = measurements[static_cast<std::size_t>(i)];
    design.row(i) << 1, 1 / n, 1 / (n * n);
    design.row(i) /= estimate.std_error;
    measured[i] = estimate.value / estimate.std_error;
  }
  // With R from the design's QR decomposition the fit's covariance is (R^T R)^-1; columns are scaled to be alike.
  const Eigen::VectorXd scale = design.colwise().norm();
  const Eigen::MatrixXd scaled = design * scale.cwiseInverse().asDiagonal();
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(scaled);
  const Eigen::MatrixXd covariance = (scaled.transpose() * scaled).inverse();
  return {qr.solve(measured)[0] / scale[0], std::sqrt(covariance(0, 0)) / scale[0]};
}

}  // namespace initlaw
