#pragma once

#include <Eigen/Core>
#include <cstddef>

#include "random/normals.hpp"

namespace initlaw {

/// A matrix W of N(0,1) numbers, as far as its product with some columns V tells. Each row of W V is normal with
/// covariance V^T V, as is that of N R for any R with R^T R = V^T V and a shorter N.
struct GaussianProduct {
  Eigen::MatrixXd Q;  ///< V = Q R and N = W Q; without columns, and then V = R and N = W, unless V has fewer than rows
  Eigen::MatrixXd R;
  Eigen::MatrixXd N;
};

/// R of v = Q R by the modified Gram-Schmidt algorithm, whose R is as accurate as Householder's; v becomes Q.
/// Dependent columns do no harm: after each step R^T R and the products of what is left of v add up to v^T v,
/// whatever the direction that was taken out.
Eigen::MatrixXd triangular_factor(Eigen::MatrixXd& v);

/// What a fresh matrix of so many rows does to V.
GaussianProduct multiply_fresh(Eigen::MatrixXd V, std::size_t rows, NormalStream& normals);

/// W^T E, which draws what V does not tell of W. Source: docs/theory.md, "The tangent kernel at several inputs".
Eigen::MatrixXd transposed_product(const GaussianProduct& product, const Eigen::MatrixXd& E, NormalStream& normals);

}  // namespace initlaw
