#include "reproduction/extrapolation.hpp"

#include <Eigen/LU>
#include <cmath>

namespace initlaw {

Estimate extrapolate(const std::vector<AtWidth>& measurements) {
  Eigen::Matrix3d precision = Eigen::Matrix3d::Zero();
  Eigen::Vector3d moment = Eigen::Vector3d::Zero();
  for (const auto& [n, estimate] : measurements) {
    // Widths are counted in the first one, so that the powers are alike.
    const double x = measurements.front().width / n;
    const Eigen::Vector3d row = Eigen::Vector3d(1, x, x * x) / estimate.std_error;
    precision += row * row.transpose();
    moment += row * (estimate.value / estimate.std_error);
  }
  const Eigen::Matrix3d covariance = precision.inverse();
  return {covariance.row(0).dot(moment), std::sqrt(covariance(0, 0))};
}

}  // namespace initlaw
