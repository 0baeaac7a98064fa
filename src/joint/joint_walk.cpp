#include "joint/joint_walk.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "joint/joint_options.hpp"

namespace initlaw {

using Eigen::MatrixXd;
using Eigen::VectorXd;

void ScaledColumns::keep_in_range() {
  constexpr int kRange = 60;
  for (Eigen::Index j = 0; j < columns.cols(); ++j) {
    const double square = columns.col(j).squaredNorm() / static_cast<double>(columns.rows());
    const int exponent = square > 0 ? std::ilogb(square) : 0;
    if (std::abs(exponent) <= kRange) continue;
    const int shift = exponent / 2;
    columns.col(j) *= std::ldexp(1.0, -shift);
    log_scale[j] += 2 * shift * std::numbers::ln2;
  }
}

ScaledColumns sum(double a, const ScaledColumns& x, double b, ScaledColumns y) {
  // x may then have another length.
  if (a == 0) {
    y.columns *= b;
    return y;
  }
  const VectorXd factor = ((y.log_scale - x.log_scale) / 2).array().exp();
  y.columns = a * x.columns + b * (y.columns * factor.asDiagonal());
  y.log_scale = x.log_scale;
  return y;
}

MatrixXd normalized_columns(const Network& network, const std::vector<std::vector<double>>& inputs) {
  const double n_in = static_cast<double>(network.inputs());
  MatrixXd x(network.inputs(), inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    auto column = x.col(static_cast<Eigen::Index>(i));
    std::copy(inputs[i].begin(), inputs[i].end(), column.begin());
    // First to order 1, so that no square leaves a double's range.
    const double largest = column.cwiseAbs().maxCoeff();
    if (largest == 0) continue;
    column /= largest;
    column *= std::sqrt(n_in) / column.norm();
  }
  return x;
}

std::uint64_t joint_chunk_samples(const Network& network, std::size_t inputs) {
  return static_cast<std::uint64_t>(std::clamp(double{1 << 20} / joint_updates(network, inputs), 1.0, 256.0));
}

JointWalk::JointWalk(const Network& network, const NetworkScales& scales, const MatrixXd& inputs, std::uint64_t seed,
                     std::uint64_t sample)
    : network_(network),
      scales_(scales),
      phi_(network),
      normals_(seed, Purpose::kJointNormals, sample),
      flips_(seed, sample, Purpose::kJointFlips) {
  const GaussianProduct first = multiply_fresh(inputs, network.width(0), normals_);
  z_.columns = first.N * (first.R / std::sqrt(static_cast<double>(inputs.rows())));
  z_.log_scale.setZero(inputs.cols());
  sign_.setOnes(z_.columns.rows());
}

JointLayer JointWalk::step(std::size_t l) {
  z_.keep_in_range();
  JointLayer layer{.sign = sign_, .steps = {}};
  ScaledColumns branch{sign_.asDiagonal() * z_.columns, z_.log_scale};
  for (std::size_t inner = 1; inner <= network_.branch_depth(); ++inner) {
    MatrixXd y = branch.columns;
    branch.columns = y.unaryExpr([this](double x) { return phi_(x); });
    branch.keep_in_range();
    const double root = std::sqrt(static_cast<double>(y.rows()));
    const std::size_t rows = network_.width(inner < network_.branch_depth() ? l - 1 : l);
    GaussianProduct product = multiply_fresh(std::move(branch.columns), rows, normals_);
    branch.columns.noalias() = product.N * (product.R / root);
    layer.steps.push_back({std::move(y), branch.log_scale, std::move(product)});
  }
  z_ = sum(scales_.layer(l).a, z_, scales_.layer(l).sqrt_t, std::move(branch));
  flip_signs();
  if (sign_.size() != z_.columns.rows()) sign_.setOnes(z_.columns.rows());
  return layer;
}

void JointWalk::flip_signs() {
  if (network_.flip() == 0) return;
  for (double& sign : sign_) {
    const double uniform = std::ldexp(static_cast<double>(flips_.next()[0]), -32);
    if (uniform < network_.flip()) sign = -sign;
  }
}

}  // namespace initlaw
