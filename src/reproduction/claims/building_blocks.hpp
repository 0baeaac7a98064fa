#pragma once

#include <string>
#include <vector>

#include "initlaw/compare.hpp"
#include "reproduction/claims/claims.hpp"

namespace initlaw {

// What the claims are put together from.

/// The widths at which quantities are measured that converge as the width grows.
inline constexpr std::size_t kWidths[] = {50, 100, 200, 400};
/// Squares of skip scales, with alpha^2 + lambda^2 = 1.
inline constexpr double kAlpha2[] = {0.3, 0.5, 0.8};

/// Collects a claim's experiments. All have 10 outputs, and seeds that differ.
class Experiments {
 public:
  Experiments(const Setting& setting, int claim)
      : setting_(setting), next_seed_(10'000 * setting.seed + 1000 * static_cast<std::uint64_t>(claim)) {}

  /// As many samples as the effort allows, at most a million. The input's length replaces the network's.
  void add(const Network& network, Estimator estimator = Estimator::kPlain, double least_samples = 1000);
  /// The same with gradients, in a third of the samples, which take as long.
  void add_with_gradients(const Network& network, OutputDirection direction);
  /// At several inputs, in a quarter of the samples, which take as long.
  void add_joint(const Network& network, const std::vector<std::vector<double>>& inputs, double least_samples = 500,
                 double most_samples = 100'000);
  std::vector<Experiment> take() { return std::move(experiments_); }
  std::vector<JointExperiment> take_joint() { return std::move(joint_experiments_); }

 private:
  const Setting& setting_;
  std::uint64_t next_seed_;
  std::vector<Experiment> experiments_;
  std::vector<JointExperiment> joint_experiments_;
};

/// d/n.
double aspect_ratio(const Network& network);

Estimate operator-(const Estimate& estimate, double number);
Estimate operator*(const Estimate& estimate, double factor);
/// The difference of independent estimates.
Estimate operator-(const Estimate& a, const Estimate& b);

/// The Kolmogorov-Smirnov distance of ln||z_out||^2, with the largest error that it can have.
Estimate ks(const Ensemble& ensemble, const Law& law);

/// A point with its standard error.
Point point(double x, const Estimate& estimate);

/// A number with its error in a table's cell.
std::string cell(const Estimate& estimate);
std::string cell(double number);

/// How far an ensemble is from the theory in one quantity.
using Deviation = std::function<Estimate(const Ensemble&)>;

/// H0: the deviation vanishes at infinite width, for networks alike but for the width.
Check vanishes(std::string what, const std::vector<const Ensemble*>& alike, const Deviation& deviation);

/// Mean and variance of G, less the theory's.
Deviation mean_deviation(const Theory& theory);
Deviation variance_deviation(const Theory& theory);
/// n E[S] of the last layer, less the theory's.
Deviation hypoactivation_deviation(const Theory& theory);

/// `ensembles` cut into groups of `size` that follow one another.
std::vector<std::vector<const Ensemble*>> groups(const std::vector<Ensemble>& ensembles, std::size_t size);

}  // namespace initlaw
