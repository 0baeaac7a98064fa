#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "initlaw/simulate.hpp"

namespace initlaw {

/// One simulation of a study. Two cells that differ in nothing but their goals are the same cell.
struct Cell {
  Network network;
  Input input;
  /// Its samples are the most that are taken.
  SimulationOptions options;
  /// Enough samples are those whose mean of G has this standard error.
  std::optional<double> goal_std_error;
};

/// How far a cell is.
struct CellProgress {
  /// Samples at which it is next asked whether they are enough.
  std::uint64_t target = 0;
  /// The whole chunks simulated, as to_bytes(OrderedSums) made them; empty if there are none.
  std::string sums;
  /// Networks in the sums, or in the result if there is one.
  std::uint64_t samples = 0;
  /// What the samples that were enough have measured, as a JSON object; empty if there have not been enough.
  std::string result;
  /// Processor time spent on simulating.
  double seconds = 0;
};

/// What a study keeps of an ensemble, as a JSON object: means, variances and quantiles with their errors, the layers,
/// and each law's prediction and Kolmogorov-Smirnov distance.
std::string result_of(const Ensemble& ensemble);

}  // namespace initlaw
