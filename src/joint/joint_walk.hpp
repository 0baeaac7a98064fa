#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "initlaw/network.hpp"
#include "network/network_scales.hpp"
#include "network/scaled_activation.hpp"
#include "random/normals.hpp"
#include "random/philox.hpp"

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

/// Columns in units of their own: column j is e^{log_scale[j]/2} times what it says.
struct ScaledColumns {
  Eigen::MatrixXd columns;
  Eigen::VectorXd log_scale = Eigen::VectorXd::Zero(columns.cols());

  /// Moves powers of two from columns whose mean square has left 2^-60..2^60 to the logarithms of their squares.
  void keep_in_range();
};

/// a x + b y.
ScaledColumns sum(double a, const ScaledColumns& x, double b, ScaledColumns y);

/// What happened in one residual layer.
struct JointLayer {
  /// Of one of the branch's matrices: W phi(y)/sqrt(length of y).
  struct Step {
    Eigen::MatrixXd y;
    Eigen::VectorXd log_scale;  ///< of phi(y), as in ScaledColumns
    GaussianProduct product;    ///< of W and phi(y)
  };
  Eigen::VectorXd sign;  ///< s of the neurons that the branch reads
  std::vector<Step> steps;
};

/// Inputs as columns of mean square 1, or 0.
Eigen::MatrixXd normalized_columns(const Network& network, const std::vector<std::vector<double>>& inputs);

/// How many samples make a chunk for one thread.
std::uint64_t joint_chunk_samples(const Network& network, std::size_t inputs);

/// One random network, with several inputs in it, from the first layer to the last. Divides by r_l in each layer.
class JointWalk {
 public:
  JointWalk(const Network& network, const NetworkScales& scales, const Eigen::MatrixXd& inputs, std::uint64_t seed,
            std::uint64_t sample);

  /// From z_{l-1} to z_l.
  JointLayer step(std::size_t l);
  const ScaledColumns& z() const { return z_; }

 private:
  void flip_signs();

  const Network& network_;
  const NetworkScales& scales_;
  ScaledActivation phi_;
  NormalStream normals_;
  PhiloxStream flips_;
  ScaledColumns z_;
  Eigen::VectorXd sign_;
};

}  // namespace initlaw
