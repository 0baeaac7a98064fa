#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "initlaw/several_inputs.hpp"

namespace initlaw {

/// Throws std::invalid_argument unless there are inputs, all of the network's length and finite.
void require_inputs(const Network& network, const std::vector<std::vector<double>>& inputs);

/// The neurons of a network times the square of the number of inputs: what its time goes with. Cost: O(d).
double joint_updates(const Network& network, std::size_t inputs);

/// Throws std::invalid_argument for numbers of samples or threads that are out of range.
void require_counts(std::uint64_t samples, unsigned threads);

/// The options with the pairs and layers that they leave open. Throws std::invalid_argument for inputs, a pair or a
/// layer that are none of this network's.
JointOptions completed(JointOptions options, const Network& network, const std::vector<std::vector<double>>& inputs);

}  // namespace initlaw
