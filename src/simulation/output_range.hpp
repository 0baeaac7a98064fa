#pragma once

#include "initlaw/input.hpp"
#include "initlaw/network.hpp"
#include "initlaw/statistics.hpp"

namespace initlaw {

/// An empty histogram for the logarithm of a sum of `neurons` squares that passed through all layers, of mean
/// e^log_scale before. Its bounds depend on nothing random, so that histograms of different samples can be merged: they
/// are a rough deviation of the log-norm, sixteen times to either side of where networks of infinite width are. Cost:
/// O(d).
Histogram log_norm_histogram(const Network& network, double log_scale, std::size_t neurons);

/// The same for ln||z||^2 of `outputs` of the network's outputs.
Histogram output_histogram(const Network& network, const Input& input, std::size_t outputs);

}  // namespace initlaw
