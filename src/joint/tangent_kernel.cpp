#include "initlaw/tangent_kernel.hpp"

#include <fmt/core.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "initlaw/limit.hpp"
#include "joint/gaussian_product.hpp"
#include "joint/joint_options.hpp"
#include "joint/joint_walk.hpp"
#include "network/memory.hpp"
#include "network/network_scales.hpp"
#include "network/scaled_activation.hpp"
#include "network/standard_architecture.hpp"
#include "parallel/run_in_chunks.hpp"

namespace initlaw {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The tangent kernel of one random network, from the last layer to the first, in units of prod r_l^2.
class TangentKernelWalk {
 public:
  TangentKernelWalk(const Network& network, const NetworkScales& scales, const MatrixXd& inputs, std::uint64_t seed,
                    std::uint64_t sample)
      : scales_(scales), phi_(network), normals_(seed, Purpose::kTangentKernelNormals, sample) {
    JointWalk walk(network, scales, inputs, seed, sample);
    std::vector<JointLayer> tape;
    for (std::size_t l = 1; l <= network.depth(); ++l) tape.push_back(walk.step(l));
    const ScaledColumns& z = walk.z();
    const auto n = static_cast<double>(z.columns.rows());
    log_scale_ = z.log_scale;
    theta_ = z.columns.transpose() * z.columns / n;
    // All inputs begin with the output's weights.
    const MatrixXd w = multiply_fresh(MatrixXd::Ones(1, 1), network.width(network.depth()), normals_).N;
    gradient_.columns = w.replicate(1, inputs.cols()) / std::sqrt(n);
    gradient_.log_scale.setZero(inputs.cols());
    for (std::size_t l = network.depth(); l > 0; --l) step(tape[l - 1], l);
    add(gradient_, inputs.transpose() * inputs / static_cast<double>(inputs.rows()), VectorXd::Zero(inputs.cols()));
  }

  /// Theta_ij = theta()(i, j) e^{(log_scale()[i] + log_scale()[j])/2}.
  const MatrixXd& theta() const { return theta_; }
  const VectorXd& log_scale() const { return log_scale_; }

 private:
  void step(const JointLayer& layer, std::size_t l) {
    const LayerScale& scale = scales_.layer(l);
    ScaledColumns e = gradient_;
    e.columns *= scale.sqrt_t;
    for (std::size_t inner = layer.steps.size(); inner-- > 0;) {
      const auto& [y, log_scale, product] = layer.steps[inner];
      const auto n = static_cast<double>(y.rows());
      e.keep_in_range();
      add(e, product.R.transpose() * product.R / n, log_scale);
      e.columns =
          transposed_product(product, e.columns / std::sqrt(n), normals_).cwiseProduct(y.unaryExpr([this](double x) {
            return phi_.slope(x);
          }));
    }
    e.columns = layer.sign.asDiagonal() * e.columns;
    gradient_ = sum(scale.a, gradient_, 1, std::move(e));
    gradient_.keep_in_range();
  }

  /// Adds what the weights of a matrix give that makes W v/sqrt(length of v) of v: v's products, divided by its length,
  /// and those of the gradients behind the matrix. By Euler's theorem |z . gradient| = |f| in each layer, and the
  /// rest of the gradient falls behind, so that in units of what the output's weights give none leaves a double's
  /// range.
  void add(const ScaledColumns& e, const MatrixXd& v_products, const VectorXd& v_log_scale) {
    const VectorXd factor = ((e.log_scale + v_log_scale - log_scale_) / 2).array().exp();
    theta_ += factor.asDiagonal() * (e.columns.transpose() * e.columns).cwiseProduct(v_products) * factor.asDiagonal();
  }

  const NetworkScales& scales_;
  ScaledActivation phi_;
  NormalStream normals_;
  ScaledColumns gradient_;  ///< of f, with respect to z_l
  MatrixXd theta_;
  VectorXd log_scale_;
};

/// Statistics of several networks.
struct TangentKernelSums {
  explicit TangentKernelSums(std::size_t inputs)
      : kernel(inputs * (inputs + 1) / 2), cosine(kernel.size()), log_diagonal(inputs) {}

  /// At infinite width Theta_ii is `diagonal`, in the walk's units, for inputs of mean square 1.
  void add(const TangentKernelWalk& network, double diagonal, const std::vector<double>& log_unit) {
    const MatrixXd theta = network.theta() / diagonal;
    const VectorXd& log_scale = network.log_scale();
    for (std::size_t i = 0; i < log_diagonal.size(); ++i) {
      const auto row = static_cast<Index>(i);
      const double own = theta(row, row);
      if (own > 0) log_diagonal[i].add(std::log(own) + log_scale[row] + 2 * log_unit[i]);
      for (std::size_t j = 0; j <= i; ++j) {
        const auto column = static_cast<Index>(j);
        const double shared = theta(row, column);
        const std::size_t place = TangentKernelEnsemble::place(i, j);
        kernel[place].add(shared * std::exp((log_scale[row] + log_scale[column]) / 2));
        const double norms = std::sqrt(own) * std::sqrt(theta(column, column));
        if (norms > 0) cosine[place].add(std::clamp(shared / norms, -1.0, 1.0));
      }
    }
  }

  void merge(const TangentKernelSums& other) {
    for (std::size_t place = 0; place < kernel.size(); ++place) {
      kernel[place].merge(other.kernel[place]);
      cosine[place].merge(other.cosine[place]);
    }
    for (std::size_t i = 0; i < log_diagonal.size(); ++i) log_diagonal[i].merge(other.log_diagonal[i]);
  }

  std::vector<Moments> kernel;
  std::vector<Moments> cosine;
  std::vector<Moments> log_diagonal;
};

void require_memory_for(const Network& network, std::size_t inputs, unsigned threads) {
  const double n = static_cast<double>(std::max(network.widths().largest(), network.inputs()));
  const double m = static_cast<double>(inputs);
  const double matrices = static_cast<double>(network.depth()) * static_cast<double>(network.branch_depth());
  require_memory(
      fmt::format("width {}, depth {}, {} inputs: the tangent kernel's simulation", n, network.depth(), m),
      threads * 8 * (matrices * (3 * n * m + m * m) + 8 * n * m) + (3 * threads + 1) * m * m * sizeof(Moments));
}

Estimate times(double factor, const Estimate& estimate) {
  return {factor * estimate.value, factor * estimate.std_error};
}

}  // namespace

Estimate TangentKernelEnsemble::mean(std::size_t i, std::size_t j) const {
  return times(std::exp(log_unit[i] + log_unit[j]), kernel[place(i, j)].mean());
}

Estimate TangentKernelEnsemble::spread(std::size_t i, std::size_t j) const {
  const auto [variance, error] = kernel[place(i, j)].variance();
  const double deviation = std::sqrt(variance);
  return times(std::exp(log_unit[i] + log_unit[j]), {deviation, deviation > 0 ? error / (2 * deviation) : 0});
}

TangentKernelEnsemble simulate_tangent_kernel(const Network& network, const TangentKernelOptions& options,
                                              const std::vector<std::vector<double>>& inputs,
                                              const Progress& progress) {
  require_standard_architecture(network, "tangent kernel at several inputs");
  require_inputs(network, inputs);
  require_counts(options.samples, options.threads);
  const unsigned threads = thread_count(options.threads);
  require_memory_for(network, inputs.size(), threads);
  const MatrixXd x = normalized_columns(network, inputs);
  const NetworkScales scales(network);
  const double diagonal = 1 / infinite_width_tangent_kernel(network).share.front();
  std::vector<double> log_unit;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const bool is_zero = x.col(static_cast<Index>(i)).isZero(0);
    log_unit.push_back(is_zero ? -std::numeric_limits<double>::infinity()
                               : infinite_width_tangent_kernel(network, Input(inputs[i])).log_diagonal / 2);
  }
  const std::uint64_t chunk_samples = joint_chunk_samples(network, inputs.size());
  TangentKernelSums total(inputs.size());
  std::uint64_t samples = 0;
  const auto simulate_chunk = [&](std::uint64_t chunk) {
    TangentKernelSums sums(inputs.size());
    for (std::uint64_t i = chunk * chunk_samples; i < std::min(options.samples, (chunk + 1) * chunk_samples); ++i) {
      sums.add(TangentKernelWalk(network, scales, x, options.seed, i), diagonal, log_unit);
    }
    return sums;
  };
  const auto merge = [&](const TangentKernelSums& sums) {
    total.merge(sums);
    samples = std::min(options.samples, samples + chunk_samples);
  };
  run_in_chunks(options.samples, chunk_samples, threads, simulate_chunk, merge, progress);
  return {network,
          inputs,
          options,
          samples,
          std::move(log_unit),
          std::move(total.kernel),
          std::move(total.cosine),
          std::move(total.log_diagonal)};
}

}  // namespace initlaw
