#pragma once

#include "initlaw/input.hpp"
#include "initlaw/network.hpp"
#include "initlaw/statistics.hpp"

namespace initlaw {

/// An empty histogram for the logarithm of a sum of `neurons` squares after all layers, where the mean of the sum
/// before them is e^log_scale. Histograms of different samples can be merged only if their bounds are the same. So the
/// bounds depend on the network alone: they lie sixteen standard deviations of the log-norm, roughly estimated, to
/// either side of its value at infinite width. Cost: O(d).
Histogram log_norm_histogram(const Network& network, const Input& input, double log_scale, std::size_t neurons);

/// The same for ln||z||^2 of `outputs` of the network's outputs.
Histogram output_histogram(const Network& network, const Input& input, std::size_t outputs);

}  // namespace initlaw
