#include "initlaw/several_inputs.hpp"

#include <fmt/core.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "joint/joint_options.hpp"
#include "joint/joint_walk.hpp"
#include "network/memory.hpp"
#include "network/network_scales.hpp"
#include "network/standard_architecture.hpp"
#include "parallel/run_in_chunks.hpp"

namespace initlaw {
namespace {

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
  const Eigen::MatrixXd x = normalized_columns(network, inputs);
  const NetworkScales scales(network);
  const std::uint64_t chunk_samples = joint_chunk_samples(network, inputs.size());
  JointSums total(inputs.size(), options);
  std::uint64_t samples = 0;
  const auto simulate_chunk = [&](std::uint64_t chunk) {
    JointSums sums(inputs.size(), options);
    for (std::uint64_t i = chunk * chunk_samples; i < std::min(options.samples, (chunk + 1) * chunk_samples); ++i) {
      JointWalk walk(network, scales, x, options.seed, i);
      std::vector<double> angles;
      std::size_t l = 0;
      for (std::size_t k = 0; k < options.layers.size(); ++k) {
        while (l < options.layers[k]) walk.step(++l);
        record_cosines(walk.z().columns, options.pairs, sums.cosine[k]);
        angles = log_tangents(walk.z().columns, options.pairs);
        for (std::size_t pair = 0; pair < angles.size(); ++pair) {
          if (std::abs(angles[pair]) < kLargestLogTangent) sums.log_tangent[k][pair].add(angles[pair]);
        }
      }
      record_end(walk.z(), options.pairs, angles, scales.log_growth(), sums);
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
