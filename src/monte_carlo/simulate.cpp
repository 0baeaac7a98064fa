#include "initlaw/simulate.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "monte_carlo/accumulator.hpp"
#include "monte_carlo/kernel.hpp"
#include "monte_carlo/pairs.hpp"
#include "monte_carlo/parallel_in_order.hpp"
#include "network/memory.hpp"
#include "statistics/histogram_builder.hpp"

namespace initlaw {
namespace {

constexpr std::uint64_t kMostSamples = 10'000'000'000'000;
constexpr unsigned kMostThreads = 1024;

/// A run of consecutive samples: what one task simulates, and one step of the merge. It depends on network and method
/// alone, for the order of floating-point additions must not depend on the machine.
std::uint64_t chunk_size(const Network& network, Method method) {
  const double n = static_cast<double>(network.width(0));
  const double per_layer = method == Method::kFast ? n : n * n;
  const double per_sample = per_layer * static_cast<double>(network.depth() + 1);
  constexpr double kUpdates = 1 << 19;
  if (method == Method::kDense) return static_cast<std::uint64_t>(std::clamp(kUpdates / per_sample, 1.0, 1024.0));
  return kBlock * static_cast<std::uint64_t>(std::clamp(kUpdates / per_sample / kBlock, 1.0, 256.0));
}

/// What makes networks: the kernel, and the one that mirrors it if they come in pairs.
struct Kernels {
  std::unique_ptr<const Kernel> kernel;
  std::unique_ptr<const Kernel> mirrored;
};

Kernels make_kernels(const Network& network, const Plan& plan, const Input& input) {
  if (plan.method == Method::kDense) return {make_dense_kernel(network, input, plan.seed, plan.precision), nullptr};
  return {make_fast_kernel(network, plan.seed, plan.precision),
          plan.estimator == Estimator::kPaired ? make_mirrored_kernel(network, plan.seed, plan.precision) : nullptr};
}

/// Statistics of all networks, and of their pairs if they come in pairs.
struct Statistics {
  Accumulator accumulator;
  std::optional<Pairs> pairs;
};

struct Chunk {
  Statistics statistics;
  std::vector<double> log_output_norm2;
  std::vector<double> log_output_square;
};

Chunk simulate_chunk(const Kernels& kernels, const Statistics& empty, double log_input, std::uint64_t first,
                     std::uint64_t end) {
  Chunk chunk{empty, {}, {}};
  for (; first < end; first += kBlock) {
    const std::size_t count = std::min<std::uint64_t>(kBlock, end - first);
    const Block block = kernels.kernel->run(first, count);
    chunk.statistics.accumulator.add(block, count);
    if (kernels.mirrored) chunk.statistics.pairs->add(block, kernels.mirrored->run(first, count), count);
    for (std::size_t i = 0; i < count; ++i) {
      const double log_scale = log_input + block.last_log_norm2()[i];
      if (std::isinf(log_scale)) continue;
      chunk.log_output_norm2.push_back(log_scale + block.log_output_norm2[i]);
      chunk.log_output_square.push_back(log_scale + 2 * std::log(std::abs(block.output[i])));
    }
  }
  return chunk;
}

void require_memory_for(const Network& network, const Plan& plan, unsigned threads) {
  const auto length = [](std::size_t count) { return static_cast<double>(count); };
  const double real = plan.precision == Precision::kFloat ? 4 : 8;
  const auto& widths = network.widths().values();
  const double widest = length(std::max({*std::max_element(widths.begin(), widths.end()), network.inputs()}));
  const double in_block = kBlock * (real * widest + 3 * sizeof(double) * length(network.depth()));
  const double in_chunks = 2 * length(network.depth()) * 3 * sizeof(Moments);
  // Only the dense method has the outputs at the same time.
  const double outputs = plan.method == Method::kDense ? real * length(network.outputs()) : 0;
  require_memory(
      fmt::format("width {}, depth {} and {} outputs: the simulation", widest, network.depth(), network.outputs()),
      threads * (in_block + in_chunks + outputs));
}

void require_valid(const Network& network, const Plan& plan) {
  if (plan.samples == 0 || plan.samples > kMostSamples) {
    throw std::invalid_argument(fmt::format("samples: {} is out of range [1, 10^13]", plan.samples));
  }
  if (plan.threads > kMostThreads) {
    throw std::invalid_argument(fmt::format("threads: {} is out of range [0, {}]", plan.threads, kMostThreads));
  }
  if (plan.estimator == Estimator::kPaired) {
    if (plan.method == Method::kDense) {
      throw std::invalid_argument("estimator: paired contradicts the dense method; it is for the fast one");
    }
    if (plan.samples % 2 != 0) {
      throw std::invalid_argument(fmt::format("samples: {} is odd; paired networks need an even number", plan.samples));
    }
    if (!cannot_die(network)) {
      throw std::invalid_argument(
          "estimator: paired is for networks that cannot die; ReLU layers with alpha = 0 can. It must be plain");
    }
  }
  for (const std::size_t lag : plan.lags.value_or(std::vector<std::size_t>{})) {
    if (lag >= network.depth()) {
      throw std::invalid_argument(fmt::format("lags: {} is out of range [0, {}]", lag, network.depth() - 1));
    }
  }
}

}  // namespace

std::vector<std::size_t> default_lags(const Network& network) {
  std::vector<std::size_t> lags{0};
  for (std::size_t lag = 1; lag < network.depth(); lag *= 2) lags.push_back(lag);
  return lags;
}

Ensemble simulate(const Network& network, const Plan& plan, const Input& input, const Progress& progress) {
  require_valid(network, plan);
  const unsigned threads = plan.threads > 0 ? plan.threads : std::max(1u, std::thread::hardware_concurrency());
  require_memory_for(network, plan, threads);
  const Kernels kernels = make_kernels(network, plan, input);
  Statistics empty{Accumulator(network, input, plan.lags.value_or(default_lags(network))), std::nullopt};
  if (kernels.mirrored) empty.pairs.emplace(network, input);
  const double log_input = input.log_mean_square(network);
  const std::uint64_t networks_each = kernels.mirrored ? 2 : 1;
  const std::uint64_t samples = plan.samples / networks_each;
  const std::uint64_t chunk_samples = chunk_size(network, plan.method);
  const std::uint64_t chunks = (samples + chunk_samples - 1) / chunk_samples;

  Statistics total = empty;
  HistogramBuilder log_output_norm2;
  HistogramBuilder log_output_square;
  const auto run = [&](std::uint64_t chunk) {
    const std::uint64_t first = chunk * chunk_samples;
    const std::uint64_t end = std::min<std::uint64_t>(samples, first + chunk_samples);
    return simulate_chunk(kernels, empty, log_input, first, end);
  };
  const auto collect = [&](const Chunk& chunk) {
    total.accumulator.merge(chunk.statistics.accumulator);
    if (total.pairs) total.pairs->merge(*chunk.statistics.pairs);
    for (const double x : chunk.log_output_norm2) log_output_norm2.add(x);
    for (const double x : chunk.log_output_square) log_output_square.add(x);
    return !progress || progress(networks_each * total.accumulator.samples());
  };
  parallel_in_order(chunks, threads, run, collect);

  Ensemble ensemble = total.accumulator.ensemble(network, input, plan);
  ensemble.samples *= networks_each;
  if (total.pairs) ensemble.paired = total.pairs->estimates(ensemble);
  ensemble.log_output_norm2_histogram = log_output_norm2.histogram();
  ensemble.log_output_square_histogram = log_output_square.histogram();
  return ensemble;
}

}  // namespace initlaw
