#pragma once

#include <vector>

#include "initlaw/several_inputs.hpp"

namespace initlaw {

/// The options with the pairs and layers that they leave open. Throws std::invalid_argument for inputs, a pair or a
/// layer that are none of this network's.
JointOptions completed(JointOptions options, const Network& network, const std::vector<std::vector<double>>& inputs);

}  // namespace initlaw
