#include "initlaw/simulate.hpp"

#include <fmt/core.h>

#include <utility>

#include "network/memory.hpp"
#include "parallel/sample.hpp"
#include "simulation/sampler.hpp"

namespace initlaw {

std::vector<std::size_t> default_lags(const Network& network) {
  std::vector<std::size_t> lags{0};
  for (std::size_t lag = 1; lag < network.depth(); lag *= 2) lags.push_back(lag);
  return lags;
}

Ensemble simulate(const Network& network, const SimulationOptions& options, const Input& input,
                  const Progress& progress) {
  const unsigned threads = thread_count(options.threads);
  return sample(Sampler(network, options, input, threads), threads, progress);
}

std::vector<double> log_output_norm2_samples(const Network& network, const SimulationOptions& options,
                                             const Input& input, const Progress& progress) {
  const unsigned threads = thread_count(options.threads);
  // Without lags and gradients.
  const Sampler sampler(network,
                        {.samples = options.samples,
                         .seed = options.seed,
                         .method = options.method,
                         .precision = options.precision,
                         .estimator = options.estimator},
                        input, threads);
  require_memory(fmt::format("{} samples", options.samples), sizeof(double) * static_cast<double>(options.samples));
  std::vector<double> values;
  run_in_chunks(
      options.samples, sampler.networks(1), threads,
      [&](std::uint64_t index) { return sampler.log_output_norm2(index); },
      [&](const std::vector<double>& more) { values.insert(values.end(), more.begin(), more.end()); }, progress);
  return values;
}

}  // namespace initlaw
