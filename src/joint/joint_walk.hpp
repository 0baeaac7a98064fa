#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "initlaw/network.hpp"
#include "joint/gaussian_product.hpp"
#include "network/network_scales.hpp"
#include "network/scaled_activation.hpp"
#include "random/normals.hpp"
#include "random/philox.hpp"

namespace initlaw {

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
