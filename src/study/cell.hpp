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
  /// `options.samples` is the largest number of samples that are taken.
  SimulationOptions options;
  /// The cell is finished when the standard error of the mean of G is at most this, or all samples are taken. Without
  /// it, only the latter counts.
  std::optional<double> goal_std_error;
};

/// How far a cell is.
struct CellProgress {
  /// The number of samples after which the cell is next judged: finished, or more samples needed.
  std::uint64_t target = 0;
  /// The whole chunks simulated, as to_bytes(OrderedSums) made them; empty if there are none.
  std::string sums;
  /// Networks in the sums, or in the result if there is one.
  std::uint64_t samples = 0;
  /// What the finished cell measured, as a JSON object; empty while it is not finished.
  std::string result;
  /// Processor time spent on simulating.
  double seconds = 0;
};

/// What a study keeps of an ensemble, as a JSON object: means, variances and quantiles with their errors, the layers,
/// and each law's prediction and Kolmogorov-Smirnov distance.
std::string result_of(const Ensemble& ensemble);

}  // namespace initlaw
