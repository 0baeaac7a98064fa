#include "joint/gaussian_product.hpp"

#include <utility>
#include <vector>

namespace initlaw {
namespace {

using Eigen::MatrixXd;

MatrixXd draw(NormalStream& normals, std::size_t rows, Eigen::Index columns) {
  const std::size_t count = rows * static_cast<std::size_t>(columns);
  std::vector<double> numbers((count + NormalStream::kGroup - 1) / NormalStream::kGroup * NormalStream::kGroup);
  normals.fill(numbers);
  return Eigen::Map<const MatrixXd>(numbers.data(), static_cast<Eigen::Index>(rows), columns);
}

}  // namespace

MatrixXd triangular_factor(MatrixXd& v) {
  MatrixXd R = MatrixXd::Zero(v.cols(), v.cols());
  for (Eigen::Index k = 0; k < v.cols(); ++k) {
    R(k, k) = v.col(k).norm();
    if (R(k, k) == 0) continue;
    v.col(k) /= R(k, k);
    const Eigen::Index rest = v.cols() - k - 1;
    R.row(k).tail(rest).noalias() = v.col(k).transpose() * v.rightCols(rest);
    v.rightCols(rest).noalias() -= v.col(k) * R.row(k).tail(rest);
  }
  return R;
}

GaussianProduct multiply_fresh(MatrixXd V, std::size_t rows, NormalStream& normals) {
  GaussianProduct product;
  if (V.cols() < V.rows()) {
    product.R = triangular_factor(V);
    product.Q = std::move(V);
  } else {
    product.R = std::move(V);
  }
  product.N = draw(normals, rows, product.R.rows());
  return product;
}

MatrixXd transposed_product(const GaussianProduct& product, const MatrixXd& E, NormalStream& normals) {
  MatrixXd known = product.N.transpose() * E;
  const MatrixXd& Q = product.Q;
  if (Q.size() == 0) return known;
  // Q need not be orthonormal where V's columns are dependent. With k zeros above it V is P (R, 0) to rounding, where P
  // is the product of the reflections at (-e_k, q_k), orthogonal whatever the q_k are (Björck, Paige 1992). W^T E is
  // P (N^T E, fresh) but for the first k rows.
  const GaussianProduct fresh = multiply_fresh(E, static_cast<std::size_t>(Q.rows()), normals);
  MatrixXd result = fresh.N * fresh.R;
  for (Eigen::Index k = Q.cols(); k-- > 0;) {
    const Eigen::RowVectorXd missing = known.row(k) - Q.col(k).transpose() * result;
    result.noalias() += Q.col(k) * missing;
  }
  return result;
}

}  // namespace initlaw
