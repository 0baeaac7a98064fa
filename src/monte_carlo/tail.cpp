#include "initlaw/tail.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <thread>

#include "monte_carlo/population.hpp"
#include "network/memory.hpp"
#include "team/parallel_in_order.hpp"

namespace initlaw {
namespace {

constexpr std::uint64_t kPilotSamples = 1024;

/// ln P(|z| > threshold) for z ~ N(0, e^log_variance).
double log_exceedance(double threshold, double log_variance) {
  const double x = threshold * std::exp(-log_variance / 2) / std::numbers::sqrt2;
  // Beyond, erfc(x) = e^{-x^2}/(x sqrt(pi)) to one in a thousand, of what a double cannot hold.
  if (x > 25) return -x * x - std::log(x * std::sqrt(std::numbers::pi));
  return std::log(boost::math::erfc(x));
}

/// The favour theta under which networks typically have the growth that makes most of the tail, G being about normal
/// with the moments that some networks show.
double best_theta(const Network& network, const TailPlan& plan, const Input& input) {
  const Ensemble pilot = simulate(network,
                                  {.samples = kPilotSamples,
                                   .seed = plan.seed,
                                   .precision = Precision::kDouble,
                                   .threads = plan.threads,
                                   .lags = std::vector<std::size_t>{}},
                                  input);
  const double mean = pilot.G.mean().value;
  const double variance = pilot.G.variance().value;
  if (!(variance > 0)) return 0;
  const double log_input = input.log_mean_square(network);
  const auto cost = [&](double G) {
    return (G - mean) * (G - mean) / (2 * variance) - log_exceedance(plan.threshold, log_input + G);
  };
  const double highest = std::max(mean, 2 * std::log(plan.threshold) - log_input);
  constexpr int kBits = 20;
  const double G = boost::math::tools::brent_find_minima(cost, mean, highest, kBits).first;
  return (G - mean) / variance;
}

void require_valid(const Network& network, const TailPlan& plan, unsigned threads) {
  if (!(plan.threshold > 0) || std::isinf(plan.threshold)) {
    throw std::invalid_argument(fmt::format("threshold: {} is not a positive number", plan.threshold));
  }
  constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 54;  // each has its stream of random numbers
  const std::uint64_t most = std::min<std::uint64_t>(100'000'000'000, kMostSteps / (network.depth() + 1));
  const std::uint64_t least = 16 * population_size(network);
  if (plan.samples < least || plan.samples > most) {
    throw std::invalid_argument(
        fmt::format("samples: {} is out of range [{}, {}]; a tail needs 16 populations of {} networks", plan.samples,
                    least, most, population_size(network)));
  }
  const double width = static_cast<double>(network.width(0));
  const double networks = static_cast<double>(population_size(network));
  require_memory(fmt::format("width {}: the populations", network.width(0)), threads * 2 * networks * 8 * width);
}

}  // namespace

Tail tail_probability(const Network& network, const TailPlan& plan, const Input& input, const Progress& progress) {
  const unsigned threads = plan.threads > 0 ? plan.threads : std::max(1u, std::thread::hardware_concurrency());
  require_valid(network, plan, threads);
  const double log_input = input.log_mean_square(network);
  const Favour favour = make_favour(network, best_theta(network, plan, input));
  const std::uint64_t size = population_size(network);
  const std::uint64_t populations = (plan.samples + size - 1) / size;

  LogMean probability;
  std::uint64_t done = 0;
  const auto run = [&](std::uint64_t index) {
    const WeightedGrowth population = grow_population(network, favour, plan.seed, index);
    LogMean mean;
    for (std::size_t i = 0; i < population.G.size(); ++i) {
      const bool dead = std::isinf(population.G[i]) || std::isinf(population.log_weight[i]);
      mean.add(dead ? -std::numeric_limits<double>::infinity()
                    : population.log_weight[i] + log_exceedance(plan.threshold, log_input + population.G[i]));
    }
    return mean.log_mean();
  };
  const auto collect = [&](double log_probability) {
    probability.add(log_probability);
    done += size;
    return !progress || progress(done);
  };
  parallel_in_order(populations, threads, run, collect);

  const Estimate estimate = probability.mean();
  const double plain_variance = estimate.value * (1 - estimate.value) / static_cast<double>(done);
  return {.network = network,
          .input = input,
          .plan = plan,
          .samples = done,
          .probability = estimate,
          .variance_reduction = plain_variance / (estimate.std_error * estimate.std_error)};
}

}  // namespace initlaw
