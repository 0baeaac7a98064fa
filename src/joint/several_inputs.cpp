#include "initlaw/several_inputs.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "joint/joint_sampler.hpp"
#include "parallel/sample.hpp"

namespace initlaw {

std::size_t JointEnsemble::pair(std::size_t i, std::size_t j) const {
  const auto found = std::find(options.pairs.begin(), options.pairs.end(), InputPair(std::minmax(i, j)));
  if (found == options.pairs.end()) throw std::invalid_argument(fmt::format("pair: {}-{} was not kept", i, j));
  return static_cast<std::size_t>(found - options.pairs.begin());
}

JointEnsemble simulate_jointly(const Network& network, const JointOptions& options,
                               const std::vector<std::vector<double>>& inputs, const Progress& progress) {
  const unsigned threads = thread_count(options.threads);
  return sample(JointSampler(network, options, inputs, threads), threads, progress);
}

}  // namespace initlaw
