#pragma once

#include <array>

#include "initlaw/angle_law.hpp"
#include "initlaw/export.hpp"
#include "initlaw/gradient_limit.hpp"
#include "initlaw/law.hpp"
#include "initlaw/names.hpp"
#include "initlaw/several_inputs.hpp"
#include "initlaw/simulate.hpp"

namespace INITLAW_API initlaw {

/// How far samples are from a law. One that the samples or the law leave undefined is not finite.
struct Distance {
  /// Kolmogorov-Smirnov: the largest difference of the distribution functions.
  double ks;
  /// The standard error of `ks` where the law is not the truth: that of the samples' distribution function at the place
  /// of the largest difference. Where the law is the truth `ks` is what chance makes, sqrt(N) ks of the order of 1.
  double ks_std_error;
  /// Wasserstein-1: the area between the distribution functions, in the units of the variable.
  double wasserstein1;
  /// (sample mean - law's mean)/(standard error of the sample mean).
  double mean_z;
  /// Sample variance/law's variance.
  double variance_ratio;
};

/// A law holds if the Kolmogorov-Smirnov distance of ln||z_out||^2 is below this: no probability is off by as much.
inline constexpr double kHoldsBelow = 0.05;
/// It is rough from there to here, and fails beyond.
inline constexpr double kRoughBelow = 0.15;

/// What a Kolmogorov-Smirnov distance D over N samples says of a law.
enum class Verdict {
  kUndecided,  ///< D < 1.63/sqrt(N), and so few samples that this says little: N < 1063
  kExact,      ///< D < 1.63/sqrt(N): the samples do not tell the law from the truth (level 1%)
  kHolds,      ///< D < kHoldsBelow: no probability is off by more than 5 points
  kRough,      ///< D < kRoughBelow
  kFails,
};
template <>
inline constexpr auto kNames<Verdict> = std::to_array<Name<Verdict>>({{Verdict::kUndecided, "undecided"},
                                                                      {Verdict::kExact, "exact"},
                                                                      {Verdict::kHolds, "holds"},
                                                                      {Verdict::kRough, "rough"},
                                                                      {Verdict::kFails, "fails"}});

/// How a law fits an ensemble.
struct Fit {
  /// Of ln||z_out||^2.
  Distance log_output_norm2;
  /// Of one output neuron, in units of the standard deviation it has at infinite width. Both distributions are
  /// symmetric around 0 exactly, and that is made use of.
  Distance output;
  /// On ln||z_out||^2.
  Verdict verdict;
};

/// Compares an ensemble with a law for the same network and input. The distribution functions are exact to one bin of
/// the ensemble's histogram, a thousandth of a standard deviation or less. Throws std::invalid_argument if no network
/// in the ensemble lived, or if the law has another number of outputs. Cost: some thousand evaluations of the law.
Fit compare(const Ensemble& ensemble, const Law& law);

/// The Kolmogorov-Smirnov distance alone of ln||z_out||^2 from a law: max |F_N - F|, exact to one bin of the ensemble's
/// histogram and 2e-6, with its standard error as in Distance. Throws as compare() does. Cost: some 50 evaluations of
/// the law's distribution function.
Estimate kolmogorov_smirnov(const Ensemble& ensemble, const Law& law);

/// The Kolmogorov-Smirnov distance of two laws of ln||z_out||^2: max |F_a - F_b|, to some 1e-4 of itself. Cost: some
/// 140 evaluations of each distribution function.
double kolmogorov_smirnov(const Law& a, const Law& b);

/// How far the growth X of gradients is from a law for the same network and direction. Exact to one bin of the
/// histogram. Cost: some thousand evaluations of the law.
Distance compare(const Gradients& gradients, const GradientLaw& law);

/// How far ln tan(theta/2) of a pair of inputs, theta being the angle in the last layer, is from a law for the same
/// network and pair; `pair` is its place in options.pairs. Exact to one bin of the histogram, 0.00025. Throws
/// std::invalid_argument if there is no such pair, or no network in which both inputs lived. Cost: some thousand
/// evaluations of the law.
Distance compare(const JointEnsemble& ensemble, std::size_t pair, const AngleLaw& law);

}  // namespace initlaw
