#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "initlaw/several_inputs.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {

/// A simulation of one input.
struct SingleCell {
  Network network;
  Input input;
  /// `options.samples` is the largest number of samples that are taken.
  SimulationOptions options;
  /// The cell is finished when the standard error of the mean of G is at most this, or all samples are taken. Without
  /// it, only the latter counts.
  std::optional<double> goal_std_error;
};

/// A simulation of several inputs through the same networks. It is finished when all `options.samples` are taken; pairs
/// and layers are those that were chosen.
struct JointCell {
  Network network;
  std::vector<std::vector<double>> inputs;
  JointOptions options;
};

/// One simulation of a study. Two cells that differ in nothing but their goals are the same cell.
using Cell = std::variant<SingleCell, JointCell>;

inline const Network& network_of(const Cell& cell) {
  return std::visit([](const auto& one) -> const Network& { return one.network; }, cell);
}

/// How far a cell is.
struct CellProgress {
  /// The number of samples after which the cell is next judged: finished, or more samples needed.
  std::uint64_t target = 0;
  /// The whole chunks simulated, as to_bytes(OrderedSums) or that of OrderedJointSums made them; empty if there are
  /// none.
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
/// The same of several inputs: what `angles --json` says of them, with the law of their angles.
std::string result_of(const JointEnsemble& ensemble);

}  // namespace initlaw
