#pragma once

#include <span>
#include <vector>

#include "initlaw/statistics.hpp"

namespace initlaw {

/// The density between consecutive edges, which increase, from the counts of a histogram that is not empty, with its
/// binomial error. Edges are rounded to those of the histogram's bins.
std::vector<Estimate> density(const Histogram& histogram, std::span<const double> edges);

}  // namespace initlaw
