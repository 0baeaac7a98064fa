#include "initlaw/several_inputs.hpp"

#include <fmt/core.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "engine/layer_state.hpp"
#include "joint/joint_options.hpp"
#include "network/memory.hpp"
#include "network/network_scales.hpp"
#include "network/scaled_activation.hpp"
#include "network/standard_architecture.hpp"
#include "parallel/run_in_chunks.hpp"
#include "random/normals.hpp"
#include "random/philox.hpp"

namespace initlaw {
namespace {

using Matrix = Eigen::MatrixXd;

/// The inputs as columns of mean square 1, or 0.
Matrix normalized(const Network& network, const std::vector<std::vector<double>>& inputs) {
  const double n_in = static_cast<double>(network.inputs());
  Matrix x(network.inputs(), inputs.size());
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

/// Statistics of several networks.
struct JointSums {
  JointSums(std::size_t inputs, const JointOptions& options)
      : growth(inputs),
        growth_difference(options.pairs.size()),
        growths(options.pairs.size()),
        cosine(options.layers.size(), std::vector<Moments>(options.pairs.size())),
        log_tangent(cosine),
        last_log_tangent(options.pairs.size(), Histogram(-kLargestLogTangent, kLargestLogTangent)),
        angle_and_growth(options.pairs.size()),
        output_covariance(options.pairs.size()) {}

  void merge(const JointSums& other) {
    const auto merge_all = [](auto& ones, const auto& others) {
      for (std::size_t i = 0; i < ones.size(); ++i) ones[i].merge(others[i]);
    };
    merge_all(growth, other.growth);
    merge_all(growth_difference, other.growth_difference);
    merge_all(growths, other.growths);
    for (std::size_t k = 0; k < cosine.size(); ++k) {
      merge_all(cosine[k], other.cosine[k]);
      merge_all(log_tangent[k], other.log_tangent[k]);
    }
    merge_all(last_log_tangent, other.last_log_tangent);
    merge_all(angle_and_growth, other.angle_and_growth);
    merge_all(output_covariance, other.output_covariance);
  }

  std::vector<Moments> growth;
  std::vector<Moments> growth_difference;
  std::vector<JointMoments> growths;
  std::vector<std::vector<Moments>> cosine;
  std::vector<std::vector<Moments>> log_tangent;
  std::vector<Histogram> last_log_tangent;
  std::vector<JointMoments> angle_and_growth;
  std::vector<Moments> output_covariance;
};

/// ln tan(theta/2) of the angle between two vectors that are not 0. As long as what distinguishes them lies in
/// components that are small in both, no digits of a small angle cancel.
double log_tangent(const Eigen::VectorXd& x, const Eigen::VectorXd& y) {
  Eigen::Index largest = 0;
  x.cwiseAbs().maxCoeff(&largest);
  Eigen::VectorXd rest = y - y[largest] / x[largest] * x;
  rest[largest] = 0;
  const double shared = x.dot(rest);
  const double area = std::sqrt(std::max(0.0, x.squaredNorm() * rest.squaredNorm() - shared * shared));
  return std::log(std::tan(std::atan2(area, x.dot(y)) / 2));
}

/// One random network, with all inputs in it.
class JointWalk {
 public:
  JointWalk(const Network& network, const NetworkScales& scales, const Matrix& inputs, std::uint64_t seed,
            std::uint64_t sample)
      : network_(network),
        scales_(scales),
        phi_(network),
        normals_(seed, Purpose::kJointNormals, sample),
        flips_(seed, sample, Purpose::kJointFlips) {
    branch_ = inputs;
    multiply_branch(network.width(0));
    z_ = branch_;
    sign_.setOnes(z_.rows());
    log_scale_.setZero(inputs.cols());
  }

  /// ln tan(theta/2) of each pair, not a number if one of them is dead.
  std::vector<double> log_tangents(const std::vector<InputPair>& pairs) const {
    Matrix rest = z_;
    const Matrix R = z_.cols() < z_.rows() ? triangular_factor(rest) : z_;
    std::vector<double> result;
    result.reserve(pairs.size());
    for (const InputPair& pair : pairs) {
      const auto [i, j] = columns(pair);
      const bool alive = R.col(i).squaredNorm() > 0 && R.col(j).squaredNorm() > 0;
      result.push_back(alive ? log_tangent(R.col(i), R.col(j)) : std::numeric_limits<double>::quiet_NaN());
    }
    return result;
  }

  void record_cosines(const std::vector<InputPair>& pairs, std::vector<Moments>& cosines) const {
    const Matrix products = z_.transpose() * z_;
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
      const auto [i, j] = columns(pairs[pair]);
      const double norms = std::sqrt(products(i, i)) * std::sqrt(products(j, j));
      if (norms > 0) cosines[pair].add(std::clamp(products(i, j) / norms, -1.0, 1.0));
    }
  }

  void step(std::size_t l) {
    keep_in_range(z_, log_scale_);
    branch_ = (sign_.asDiagonal() * z_).unaryExpr([this](double x) { return phi_(x); });
    Eigen::VectorXd branch_scale = Eigen::VectorXd::Zero(branch_.cols());
    for (std::size_t inner = 1; inner < network_.branch_depth(); ++inner) {
      multiply_branch(network_.width(l - 1));
      branch_ = branch_.unaryExpr([this](double x) { return phi_(x); });
      keep_in_range(branch_, branch_scale);
    }
    multiply_branch(network_.width(l));
    const LayerScale& layer = scales_.layer(l);
    // Where there is no skip path widths may differ.
    if (layer.a == 0) {
      z_ = layer.sqrt_t * branch_;
      log_scale_ += branch_scale;
    } else {
      for (Eigen::Index j = 0; j < branch_.cols(); ++j) branch_.col(j) *= std::exp(branch_scale[j] / 2);
      z_ = layer.a * z_ + layer.sqrt_t * branch_;
    }
    flip_signs();
    if (sign_.size() != z_.rows()) sign_.setOnes(z_.rows());
  }

  /// With what log_tangents() says of the last layer.
  void record_end(const std::vector<InputPair>& pairs, const std::vector<double>& log_tangents, JointSums& sums) const {
    const double n = static_cast<double>(z_.rows());
    const Eigen::VectorXd square = z_.colwise().squaredNorm() / n;
    const auto growth = [&](Eigen::Index i) { return scales_.log_growth() + log_scale_[i] + std::log(square[i]); };
    for (Eigen::Index i = 0; i < z_.cols(); ++i) {
      if (square[i] > 0) sums.growth[static_cast<std::size_t>(i)].add(growth(i));
    }
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
      const auto [i, j] = columns(pairs[pair]);
      if (square[i] > 0 && square[j] > 0) {
        sums.growth_difference[pair].add(log_scale_[i] - log_scale_[j] + std::log(square[i] / square[j]));
        sums.growths[pair].add(growth(i), growth(j));
        const double angle = log_tangents[pair];
        sums.last_log_tangent[pair].add(std::clamp(angle, -kLargestLogTangent, kLargestLogTangent));
        if (std::abs(angle) < kLargestLogTangent) sums.angle_and_growth[pair].add(angle, (growth(i) + growth(j)) / 2);
      }
      sums.output_covariance[pair].add(z_.col(i).dot(z_.col(j)) / n * std::exp((log_scale_[i] + log_scale_[j]) / 2));
    }
  }

 private:
  static std::pair<Eigen::Index, Eigen::Index> columns(const InputPair& pair) {
    return {static_cast<Eigen::Index>(pair.first), static_cast<Eigen::Index>(pair.second)};
  }

  /// Replaces the branch's columns v by W v/sqrt(length of v), with a fresh matrix W of N(0,1) numbers. Each row of W v
  /// is normal with covariance v^T v, as is that of N R for any R with R^T R = v^T v and a shorter N.
  void multiply_branch(std::size_t rows) {
    const double root = std::sqrt(static_cast<double>(branch_.rows()));
    const Matrix R = branch_.cols() < branch_.rows() ? triangular_factor(branch_) : branch_;
    const std::size_t count = rows * static_cast<std::size_t>(R.rows());
    normal_buffer_.resize((count + NormalStream::kGroup - 1) / NormalStream::kGroup * NormalStream::kGroup);
    normals_.fill(normal_buffer_);
    const Eigen::Map<const Matrix> N(normal_buffer_.data(), static_cast<Eigen::Index>(rows), R.rows());
    branch_.resize(N.rows(), R.cols());
    branch_.noalias() = N * (R / root);
  }

  /// R of v = Q R by the modified Gram-Schmidt algorithm, whose R is as accurate as Householder's; v is used up.
  /// Dependent columns do no harm: after each step R^T R and the products of what is left of v add up to v^T v,
  /// whatever the direction that was taken out.
  static Matrix triangular_factor(Matrix& v) {
    Matrix R = Matrix::Zero(v.cols(), v.cols());
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

  /// Moves powers of two from columns whose mean square has left 2^-60..2^60 to the logarithms of their squares.
  static void keep_in_range(Matrix& columns, Eigen::VectorXd& log_scale) {
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

  void flip_signs() {
    if (network_.flip() == 0) return;
    for (double& sign : sign_) {
      const double uniform = std::ldexp(static_cast<double>(flips_.next()[0]), -32);
      if (uniform < network_.flip()) sign = -sign;
    }
  }

  const Network& network_;
  const NetworkScales& scales_;
  ScaledActivation phi_;
  NormalStream normals_;
  std::vector<double> normal_buffer_;
  PhiloxStream flips_;
  Matrix z_;
  Matrix branch_;
  Eigen::VectorXd sign_;
  Eigen::VectorXd log_scale_;  ///< ln of what was divided out of each column's square
};

void require_valid(const Network& network, const JointOptions& options, std::size_t inputs, unsigned threads) {
  if (options.samples == 0 || options.samples > 1'000'000'000'000) {
    throw std::invalid_argument(fmt::format("samples: {} is out of range [1, 10^12]", options.samples));
  }
  if (options.threads > 1024)
    throw std::invalid_argument(fmt::format("threads: {} is out of range [0, 1024]", options.threads));
  const double n = static_cast<double>(std::max(network.widths().largest(), network.inputs()));
  const double m = static_cast<double>(inputs);
  const double pairs = static_cast<double>(options.pairs.size());
  const double layers = static_cast<double>(options.layers.size());
  constexpr double kPair = 2 * sizeof(Moments) + 2 * sizeof(JointMoments) + sizeof(Histogram) + 8000;
  require_memory(fmt::format("width {}, {} inputs, {} pairs in {} layers: the simulation", n, m, pairs, layers),
                 (threads + 1) * (6 * 8 * n * m + 16 * m * m + pairs * (kPair + layers * 2 * sizeof(Moments))));
}

}  // namespace

std::size_t JointEnsemble::pair(std::size_t i, std::size_t j) const {
  const auto found = std::find(options.pairs.begin(), options.pairs.end(), InputPair(std::minmax(i, j)));
  if (found == options.pairs.end()) throw std::invalid_argument(fmt::format("pair: {}-{} was not kept", i, j));
  return static_cast<std::size_t>(found - options.pairs.begin());
}

JointEnsemble simulate_jointly(const Network& network, const JointOptions& asked,
                               const std::vector<std::vector<double>>& inputs, const Progress& progress) {
  require_standard_architecture(network, "simulation of several inputs");
  const unsigned threads = thread_count(asked.threads);
  const JointOptions options = completed(asked, network, inputs);
  require_valid(network, options, inputs.size(), threads);
  const Matrix x = normalized(network, inputs);
  const NetworkScales scales(network);
  const double m = static_cast<double>(inputs.size());
  const double updates = neurons(network) * m * m;
  const auto chunk_samples = static_cast<std::uint64_t>(std::clamp(double{1 << 20} / updates, 1.0, 256.0));
  JointSums total(inputs.size(), options);
  std::uint64_t samples = 0;
  const auto simulate_chunk = [&](std::uint64_t chunk) {
    JointSums sums(inputs.size(), options);
    for (std::uint64_t i = chunk * chunk_samples; i < std::min(options.samples, (chunk + 1) * chunk_samples); ++i) {
      JointWalk walk(network, scales, x, options.seed, i);
      std::vector<double> log_tangents;
      std::size_t l = 0;
      for (std::size_t k = 0; k < options.layers.size(); ++k) {
        while (l < options.layers[k]) walk.step(++l);
        walk.record_cosines(options.pairs, sums.cosine[k]);
        log_tangents = walk.log_tangents(options.pairs);
        for (std::size_t pair = 0; pair < log_tangents.size(); ++pair) {
          if (std::abs(log_tangents[pair]) < kLargestLogTangent) sums.log_tangent[k][pair].add(log_tangents[pair]);
        }
      }
      walk.record_end(options.pairs, log_tangents, sums);
    }
    return sums;
  };
  const auto merge = [&](const JointSums& sums) {
    total.merge(sums);
    samples = std::min(options.samples, samples + chunk_samples);
  };
  run_in_chunks(options.samples, chunk_samples, threads, simulate_chunk, merge, progress);
  return {network,
          inputs,
          options,
          samples,
          std::move(total.growth),
          std::move(total.growth_difference),
          std::move(total.growths),
          std::move(total.cosine),
          std::move(total.log_tangent),
          std::move(total.last_log_tangent),
          std::move(total.angle_and_growth),
          std::move(total.output_covariance)};
}

}  // namespace initlaw
