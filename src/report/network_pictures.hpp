#pragma once

#include <vector>

#include "comparison/comparison.hpp"
#include "report/picture.hpp"

namespace initlaw {

// Pictures of one network, simulated and in the limits.

/// A histogram's density between consecutive edges, each point in the middle of its interval.
std::vector<Point> density_points(const Histogram& histogram, const std::vector<double>& edges);

/// A law's density of ln||z_out||^2 at equidistant points between two bounds.
std::vector<Point> density(const Law& law, double low, double high);

/// The pictures of a comparison: density of ln||z_out||^2, its quantiles against those of the laws, one output's
/// density on a logarithmic scale, hypoactivation, covariance and growth by layer, and gradients if they were
/// simulated.
std::vector<Picture> network_pictures(const Comparison& comparison);

}  // namespace initlaw
