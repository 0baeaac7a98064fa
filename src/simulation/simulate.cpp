#include "initlaw/simulate.hpp"

#include <optional>
#include <utility>

#include "parallel/parallel_in_order.hpp"
#include "simulation/sampler.hpp"

namespace initlaw {

std::vector<std::size_t> default_lags(const Network& network) {
  std::vector<std::size_t> lags{0};
  for (std::size_t lag = 1; lag < network.depth(); lag *= 2) lags.push_back(lag);
  return lags;
}

Ensemble simulate(const Network& network, const SimulationOptions& options, const Input& input,
                  const Progress& progress) {
  const unsigned threads = thread_count(options);
  const Sampler sampler(network, options, input, threads);
  OrderedSums sums = sampler.sums();
  std::optional<Chunk> remainder;
  std::uint64_t done = 0;
  const auto collect = [&](Chunk chunk) {
    if (done < sampler.whole_chunks()) {
      sums.append(chunk);
    } else {
      remainder = std::move(chunk);
    }
    ++done;
    return !progress || progress(sampler.networks(done));
  };
  const std::uint64_t chunks = sampler.whole_chunks() + (sampler.has_remainder() ? 1 : 0);
  parallel_in_order(
      chunks, threads, [&](std::uint64_t index) { return sampler.simulate(index); }, collect);
  return sampler.ensemble(std::move(sums), remainder);
}

}  // namespace initlaw
