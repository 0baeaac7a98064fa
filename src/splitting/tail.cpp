#include "initlaw/tail.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <stdexcept>

#include "network/memory.hpp"
#include "network/standard_architecture.hpp"
#include "parallel/run_in_chunks.hpp"
#include "simulation/archive.hpp"
#include "simulation/sampler.hpp"
#include "splitting/particle_splitting.hpp"
#include "splitting/tail_task.hpp"

namespace initlaw {
namespace {

constexpr std::string_view kTailTask = "population";
constexpr std::string_view kResultKind = "population's tail";

/// The pilot systems that find the tilt come first, those that measure after them.
constexpr std::uint64_t kMostPilots = 16;
constexpr std::uint64_t kFewestSystems = 32;

/// One particle system's estimate of P(|z| > threshold), to be made on whichever machine.
struct TailTask {
  Network network;
  double theta;      ///< of the tilt
  double log_ratio;  ///< ln(threshold^2) - ln(||x||^2/n_in)
  std::uint64_t seed;
  std::uint64_t index;
};

std::string to_bytes(const TailTask& task) {
  return to_marked_bytes(kTailTask, [&](auto& archive) {
    archive(to_json(task.network), task.theta, task.log_ratio, task.seed, task.index);
  });
}

TailTask task_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kTailTask, bytes, [](auto& archive) {
    std::string network;
    archive(network);
    TailTask task{network_from_json(network), 0, 0, 0, 0};
    archive(task.theta, task.log_ratio, task.seed, task.index);
    return task;
  });
}

double log_probability_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kResultKind, bytes, [](auto& archive) {
    double log_probability = 0;
    archive(log_probability);
    return log_probability;
  });
}

WeightedGrowth perform(const TailTask& task) {
  return split_particles(task.network, make_tilt(task.network, task.theta), task.seed, task.index);
}

/// ln P(|z| > threshold) for z ~ N(0, v), of ln(threshold^2/v).
double log_exceedance(double log_ratio) {
  const double x = std::exp(log_ratio / 2) / std::numbers::sqrt2;
  // Beyond, erfc(x) = e^{-x^2}/(x sqrt(pi)) to one in a thousand, of what a double cannot hold.
  if (x > 25) return -x * x - std::log(x * std::sqrt(std::numbers::pi));
  return std::log(boost::math::erfc(x));
}

double log_probability(const WeightedGrowth& system, double log_ratio) {
  LogMean mean;
  for (std::size_t i = 0; i < system.growth.size(); ++i) {
    const bool dead = std::isinf(system.growth[i]) || std::isinf(system.log_weight[i]);
    mean.add(dead ? -std::numeric_limits<double>::infinity()
                  : system.log_weight[i] + log_exceedance(log_ratio - system.growth[i]));
  }
  return mean.log_mean();
}

/// The tilt under which networks would typically have the growth that makes most of the tail, were G normal with the
/// mean and variance that it has in a particle system under the task's tilt.
double better_theta(const TailTask& task, const WeightedGrowth& system) {
  double unit = -std::numeric_limits<double>::infinity();
  std::vector<double> log_weight;
  for (std::size_t i = 0; i < system.growth.size(); ++i) {
    const bool dead = std::isinf(system.growth[i]) || std::isinf(system.log_weight[i]);
    log_weight.push_back(dead ? -std::numeric_limits<double>::infinity()
                              : system.log_weight[i] + task.theta * system.growth[i]);
    unit = std::max(unit, log_weight.back());
  }
  double sum = 0, mean = 0, square = 0;
  for (std::size_t i = 0; i < system.growth.size(); ++i) {
    if (std::isinf(log_weight[i])) continue;
    const double weight = std::exp(log_weight[i] - unit);
    sum += weight;
    const double deviation = system.growth[i] - mean;
    mean += weight / sum * deviation;
    square += weight * deviation * (system.growth[i] - mean);
  }
  const double variance = square / sum;
  if (!(variance > 0)) return task.theta;
  const auto cost = [&](double G) {
    return (G - mean) * (G - mean) / (2 * variance) + task.theta * G - log_exceedance(task.log_ratio - G);
  };
  const double lowest = mean - task.theta * variance;
  constexpr int kBits = 20;
  const double G = boost::math::tools::brent_find_minima(cost, lowest, std::max(lowest, task.log_ratio), kBits).first;
  return task.theta + (G - mean) / variance;
}

/// The tilt that better_theta does not change, or nothing if stopped. The pilots that find it are not part of the
/// estimate.
std::optional<double> find_theta(TailTask task, const Progress& progress) {
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  for (; task.index < kMostPilots; ++task.index) {
    if (progress && !progress(0)) return std::nullopt;
    double theta = better_theta(task, perform(task));
    // better_theta decreases with the tilt. So the solution lies on that side of the tilt on which the better one lies.
    (theta > task.theta ? low : high) = task.theta;
    if (!(theta >= low && theta <= high)) theta = (low + high) / 2;
    const double change = theta - task.theta;
    task.theta = theta;
    // A tilt that is closer than that makes no estimate better.
    if (std::abs(change) <= 0.05 * theta) break;
  }
  return task.theta;
}

void require_valid(const Network& network, const TailOptions& options, unsigned threads) {
  require_standard_architecture(network, "simulation of far tails");
  if (!(options.threshold > 0) || std::isinf(options.threshold)) {
    throw std::invalid_argument(fmt::format("threshold: {} is not a positive number", options.threshold));
  }
  if (network.branch_depth() > kDeepestBranch) {
    throw std::invalid_argument(fmt::format("branch_depth: {} layers in a branch; tails take {} at most",
                                            network.branch_depth(), kDeepestBranch));
  }
  const std::uint64_t size = particle_count(network);
  constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 54;  // each has its stream of random numbers
  const std::uint64_t most = std::min<std::uint64_t>(100'000'000'000, kMostSteps / (network.depth() + 1));
  const std::uint64_t least = kFewestSystems * size;
  if (options.samples < least || options.samples > most) {
    throw std::invalid_argument(
        fmt::format("samples: {} is out of range [{}, {}]; a tail needs {} particle systems of {} "
                    "networks",
                    options.samples, least, most, kFewestSystems, size));
  }
  require_memory(fmt::format("width {}: the particle systems", network.widths().largest()),
                 threads * particle_system_bytes(network));
}

}  // namespace

std::string perform_tail_task(const std::string& bytes) {
  const TailTask task = task_from_bytes(bytes);
  const double result = log_probability(perform(task), task.log_ratio);
  return to_marked_bytes(kResultKind, [&](auto& archive) { archive(result); });
}

bool is_tail_task(std::string_view bytes) { return bytes.starts_with(mark_of(kTailTask)); }

Tail tail_probability(const Network& network, const TailOptions& options, const Input& input, const Progress& progress,
                      WorkerPool& pool) {
  require_valid(network, options, 1);
  const TailTask pilot{network, 0, 2 * std::log(options.threshold) - input.log_mean_square(network), options.seed, 0};
  const std::optional<double> theta = find_theta(pilot, progress);
  const std::uint64_t size = particle_count(network);
  const std::uint64_t systems = theta ? (options.samples + size - 1) / size : 0;
  LogMean probability;
  std::uint64_t done = 0;
  const auto task_of = [&](std::uint64_t i) {
    return to_bytes(TailTask{network, *theta, pilot.log_ratio, options.seed, kMostPilots + i});
  };
  const auto collect = [&](std::uint64_t, const std::string& result) {
    probability.add(log_probability_from_bytes(result));
    done += size;
    return !progress || progress(done);
  };
  pool.run_in_order(systems, task_of, collect);

  const Estimate estimate = probability.mean();
  const double plain_variance = estimate.value * (1 - estimate.value) / static_cast<double>(done);
  return {.network = network,
          .input = input,
          .options = options,
          .samples = done,
          .probability = estimate,
          .variance_reduction = plain_variance / (estimate.std_error * estimate.std_error),
          .largest_share = probability.largest_share()};
}

Tail tail_probability(const Network& network, const TailOptions& options, const Input& input,
                      const Progress& progress) {
  const unsigned threads = thread_count(options.threads);
  require_valid(network, options, threads);
  return tail_probability(network, options, input, progress, *make_thread_pool(threads, perform_tail_task));
}

}  // namespace initlaw
