#pragma once

#include <functional>
#include <string>
#include <vector>

#include "initlaw/several_inputs.hpp"
#include "initlaw/simulate.hpp"
#include "report/picture.hpp"
#include "reproduction/theory.hpp"

namespace initlaw {

/// A number that a claim stands or falls with.
struct Check {
  std::string what;
  Estimate measured;
  /// What the number must be, in words.
  std::string condition;
  bool holds;
};

/// How many standard errors a number may be off by chance. With about a thousand checks, one in 150 runs would see a
/// true claim refuted, were the seeds not fixed.
inline constexpr double kChance = 4.5;

/// H0: the number is 0.
Check is_zero(std::string what, const Estimate& measured);
/// H0: the number is not above 0; the check holds if that is rejected.
Check is_positive(std::string what, const Estimate& measured);
/// H0: the number is not above the bound.
Check is_below(std::string what, const Estimate& measured, double bound);
/// H0: the N samples come from the law that their Kolmogorov-Smirnov distance is from. Rejected above 2.5/sqrt(N),
/// which chance reaches once in 130,000 times.
Check is_distance_of_samples(std::string what, double ks, std::uint64_t N);

/// One simulation.
struct Experiment {
  Network network;
  SimulationOptions options;
};

/// One simulation of several inputs.
struct JointExperiment {
  Network network;
  JointOptions options;
  std::vector<std::vector<double>> inputs;
};

/// What a claim's experiments gave, in their order.
struct Simulations {
  std::vector<Ensemble> ensembles;
  std::vector<JointEnsemble> joint;

  /// For claims about one input.
  operator const std::vector<Ensemble>&() const { return ensembles; }  // NOLINT(google-explicit-constructor)
};

/// What a claim's simulations say of it.
struct Findings {
  /// One line with the most telling figures.
  std::string summary;
  std::vector<Check> checks;
  std::vector<Picture> pictures;
  /// Rows of cells below a heading; may be empty.
  std::vector<std::vector<std::string>> table;
};

/// A falsifiable statement about random networks. It holds if all checks do.
struct Claim {
  int number;
  std::string title;
  std::string statement;
  /// The null hypotheses, their tests and thresholds.
  std::string test;
  std::string formula;
  /// Of the input that was given.
  std::vector<Experiment> experiments = {};
  /// All of the same inputs, which are their own.
  std::vector<JointExperiment> joint_experiments = {};
  std::function<Findings(const Simulations&, const Theory&)> examine;
};

}  // namespace initlaw
