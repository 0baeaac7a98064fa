#include "initlaw/simulate.hpp"

#include <optional>
#include <utility>

#include "parallel/run_in_chunks.hpp"
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
  const Sampler sampler(network, options, input, threads);
  OrderedSums sums = sampler.sums();
  std::optional<Chunk> remainder;
  const auto merge = [&](Chunk chunk) {
    if (sums.end() < sampler.whole_chunks()) {
      sums.append(chunk);
    } else {
      remainder = std::move(chunk);
    }
  };
  run_in_chunks(
      options.samples, sampler.networks(1), threads, [&](std::uint64_t index) { return sampler.simulate(index); },
      merge, progress);
  return sampler.ensemble(std::move(sums), remainder);
}

}  // namespace initlaw
