#include "joint/gaussian_product.hpp"

#include <gtest/gtest.h>

#include "random/philox.hpp"

namespace initlaw {
namespace {

using Eigen::MatrixXd;

/// Columns of every rank, some of which are all but dependent on those before them: what is left of them is rounding.
std::vector<MatrixXd> dependent_columns() {
  const Eigen::VectorXd x = Eigen::VectorXd::LinSpaced(9, 0.1, 1.3);
  const Eigen::VectorXd y = x.array().sin();
  MatrixXd parallel(9, 4), of_rank_2(9, 5), nearly(9, 3), with_zeros(9, 4);
  parallel << x, 0.3 * x, 0.7 * x, -1.1 * x;
  of_rank_2 << x, y, 0.3 * x + 0.7 * y, x - 1.1 * y, y;
  nearly << x, x + 1e-13 * y, y;
  with_zeros << 0 * x, x, 0.3 * x, y;
  return {parallel, of_rank_2, nearly, with_zeros, MatrixXd(x.replicate(1, 12) + y.replicate(1, 12))};
}

// E^T (W V) = (W^T E)^T V is of the same W.
TEST(GaussianProduct, IsThatOfOneMatrixBothWays) {
  NormalStream normals(1, Purpose::kJointNormals, 0);
  for (const MatrixXd& V : dependent_columns()) {
    const GaussianProduct product = multiply_fresh(V, 7, normals);
    const MatrixXd E = MatrixXd::Random(7, V.cols());
    const MatrixXd forward = E.transpose() * (product.N * product.R);
    const MatrixXd back = transposed_product(product, E, normals).transpose() * V;
    EXPECT_LT((forward - back).cwiseAbs().maxCoeff(), 1e-13) << V;
  }
}

}  // namespace
}  // namespace initlaw
