#include "joint/joint_sampler.hpp"

#include <fmt/core.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "joint/joint_walk.hpp"
#include "network/memory.hpp"
#include "network/standard_architecture.hpp"

namespace initlaw {
namespace {

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

std::pair<Eigen::Index, Eigen::Index> columns(const InputPair& pair) {
  return {static_cast<Eigen::Index>(pair.first), static_cast<Eigen::Index>(pair.second)};
}

/// ln tan(theta/2) of each pair of columns, not a number if one of them is dead.
std::vector<double> log_tangents(const Eigen::MatrixXd& z, const std::vector<InputPair>& pairs) {
  Eigen::MatrixXd rest = z;
  const Eigen::MatrixXd R = z.cols() < z.rows() ? triangular_factor(rest) : z;
  std::vector<double> result;
  result.reserve(pairs.size());
  for (const InputPair& pair : pairs) {
    const auto [i, j] = columns(pair);
    const bool alive = R.col(i).squaredNorm() > 0 && R.col(j).squaredNorm() > 0;
    result.push_back(alive ? log_tangent(R.col(i), R.col(j)) : std::numeric_limits<double>::quiet_NaN());
  }
  return result;
}

void record_cosines(const Eigen::MatrixXd& z, const std::vector<InputPair>& pairs, std::vector<Moments>& cosines) {
  const Eigen::MatrixXd products = z.transpose() * z;
  for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
    const auto [i, j] = columns(pairs[pair]);
    const double norms = std::sqrt(products(i, i)) * std::sqrt(products(j, j));
    if (norms > 0) cosines[pair].add(std::clamp(products(i, j) / norms, -1.0, 1.0));
  }
}

/// With what log_tangents() says of the last layer, and the growth of infinite width.
void record_end(const ScaledColumns& end, const std::vector<InputPair>& pairs, const std::vector<double>& log_tangents,
                double log_growth, JointSums& sums) {
  const auto& [z, log_scale] = end;
  const double n = static_cast<double>(z.rows());
  const Eigen::VectorXd square = z.colwise().squaredNorm() / n;
  const auto growth = [&, &log_scale = log_scale](Eigen::Index i) {
    return log_growth + log_scale[i] + std::log(square[i]);
  };
  for (Eigen::Index i = 0; i < z.cols(); ++i) {
    if (square[i] > 0) sums.growth[static_cast<std::size_t>(i)].add(growth(i));
  }
  for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
    const auto [i, j] = columns(pairs[pair]);
    if (square[i] > 0 && square[j] > 0) {
      sums.growth_difference[pair].add(log_scale[i] - log_scale[j] + std::log(square[i] / square[j]));
      sums.growths[pair].add(growth(i), growth(j));
      const double angle = log_tangents[pair];
      sums.last_log_tangent[pair].add(std::clamp(angle, -kLargestLogTangent, kLargestLogTangent));
      if (std::abs(angle) < kLargestLogTangent) sums.angle_and_growth[pair].add(angle, (growth(i) + growth(j)) / 2);
    }
    sums.output_covariance[pair].add(z.col(i).dot(z.col(j)) / n * std::exp((log_scale[i] + log_scale[j]) / 2));
  }
}

Network standard(Network network) {
  require_standard_architecture(network, "simulation of several inputs");
  return network;
}

void require_valid(const Network& network, const JointOptions& options, std::size_t inputs, unsigned threads) {
  require_counts(options.samples, options.threads);
  const double n = static_cast<double>(std::max(network.widths().largest(), network.inputs()));
  const double m = static_cast<double>(inputs);
  const double pairs = static_cast<double>(options.pairs.size());
  const double layers = static_cast<double>(options.layers.size());
  constexpr double kPair = 2 * sizeof(Moments) + 2 * sizeof(JointMoments) + sizeof(Histogram) + 8000;
  require_memory(fmt::format("width {}, {} inputs, {} pairs in {} layers: the simulation", n, m, pairs, layers),
                 (threads + 1) * (6 * 8 * n * m + 16 * m * m + pairs * (kPair + layers * 2 * sizeof(Moments))));
}

}  // namespace

JointSampler::JointSampler(Network network, JointOptions options, std::vector<std::vector<double>> inputs,
                           unsigned threads)
    : network_(standard(std::move(network))),
      options_(completed(std::move(options), network_, inputs)),
      inputs_(std::move(inputs)),
      scales_(network_),
      chunk_samples_(joint_chunk_samples(network_, inputs_.size())) {
  require_valid(network_, options_, inputs_.size(), threads);
}

std::uint64_t JointSampler::networks(std::uint64_t chunks) const {
  return std::min(options_.samples, chunks * chunk_samples_);
}

JointSums JointSampler::simulate(std::uint64_t index) const {
  JointSums sums(inputs_.size(), options_);
  const Eigen::MatrixXd x = normalized_columns(network_, inputs_);
  const std::uint64_t end = networks(index + 1);
  for (std::uint64_t i = index * chunk_samples_; i < end; ++i) {
    JointWalk walk(network_, scales_, x, options_.seed, i);
    std::vector<double> angles;
    std::size_t l = 0;
    for (std::size_t k = 0; k < options_.layers.size(); ++k) {
      while (l < options_.layers[k]) walk.step(++l);
      record_cosines(walk.z().columns, options_.pairs, sums.cosine[k]);
      angles = log_tangents(walk.z().columns, options_.pairs);
      for (std::size_t pair = 0; pair < angles.size(); ++pair) {
        if (std::abs(angles[pair]) < kLargestLogTangent) sums.log_tangent[k][pair].add(angles[pair]);
      }
    }
    record_end(walk.z(), options_.pairs, angles, scales_.log_growth(), sums);
  }
  return sums;
}

OrderedJointSums JointSampler::sums(std::uint64_t first) const { return {first, JointSums(inputs_.size(), options_)}; }

JointEnsemble JointSampler::ensemble(OrderedJointSums sums, const std::optional<JointSums>& remainder) const {
  const std::uint64_t samples = remainder ? options_.samples : networks(sums.end());
  JointSums total = std::move(sums).total();
  if (remainder) total.merge(*remainder);
  return {network_,
          inputs_,
          options_,
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
