#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "initlaw/compare.hpp"
#include "initlaw/export.hpp"
#include "initlaw/gradient_limit.hpp"
#include "initlaw/input.hpp"
#include "initlaw/names.hpp"
#include "initlaw/network.hpp"

namespace INITLAW_API initlaw {

/// A format of floating-point numbers, with the largest and the smallest of its normal numbers.
struct NumberFormat {
  std::string_view name;
  double largest;
  double smallest;
};
/// Those whose range networks are judged by.
inline constexpr std::array kNumberFormats = {
    NumberFormat{.name = "fp16", .largest = 65504, .smallest = 0x1p-14},
    NumberFormat{.name = "bf16", .largest = 0x1.fep127, .smallest = 0x1p-126},
};

/// How likely it is that one output leaves a format's range.
struct FormatRisk {
  NumberFormat format;
  double overflow;   ///< P(|z| > format.largest)
  double underflow;  ///< P(|z| < format.smallest), z = 0 included
};

/// How widely a network's output is spread over random initializations, by one law. Dead networks are counted as z_out
/// = 0 in shares, and left out of all else.
struct Spread {
  double variance;  ///< of ln||z_out||^2
  double decades;   ///< log10 of the ratio of the 95% and the 5% quantile of the size |z| of one output
  /// The share of networks whose ||z_out|| is more than ten times its root mean square at infinite width, or less than
  /// a tenth.
  double beyond_ten;
  double ks_to_gaussian;  ///< Kolmogorov-Smirnov distance of ln||z_out||^2 from its law at infinite width
};

/// What is known of how far a law is from the network's.
enum class LawAccuracy {
  kBounded,     ///< no probability is off by more than a bound, which is at most kHoldsBelow
  kFirstOrder,  ///< right to first order in 1/n; of later orders nothing is known
  kUnknown,     ///< the network is too narrow, or too deep for its width, for any law
};
template <>
inline constexpr auto kNames<LawAccuracy> = std::to_array<Name<LawAccuracy>>({{LawAccuracy::kBounded, "bounded"},
                                                                              {LawAccuracy::kFirstOrder, "first-order"},
                                                                              {LawAccuracy::kUnknown, "unknown"}});

/// A spread, and the law that it follows from: the best that is known of a network. It is the exact law if there is
/// one, the Gaussian one if that is exact, else that of finite width if no probability is off by more than kHoldsBelow,
/// else the log-Gaussian limit.
struct PredictedSpread {
  Spread spread;
  std::string_view law;  ///< LawKind::key
  LawAccuracy accuracy;
  /// The bound, 0 of an exact law; none where there is none.
  std::optional<double> law_error;
};

/// What might be done about a network, and what would come of it.
struct Change {
  std::string_view key;   ///< in JSON: "balanced"
  std::string_view name;  ///< in a table: "Balanced"
  Network network;
  PredictedSpread predicted;
};

/// Kernels that differ from network to network by less than this, relatively, are as good as fixed.
inline constexpr double kKernelHoldsBelow = 0.1;
/// From there to here they are so roughly.
inline constexpr double kKernelRoughBelow = 0.5;

/// The share of networks in which the gradient grows from the last layer to the first by more than ten times what it
/// does at infinite width, or less than a tenth, in a random direction and an orthogonal one.
struct GradientShares {
  double random;
  double orthogonal;
};

/// Which limit a network at one input is near, and what that means for who trains it.
struct Regime {
  double depth_over_width;  ///< d/n; where widths differ the sum of 1/n_l over l = 1..d
  PredictedSpread predicted;
  Spread at_infinite_width;
  double dead_probability;  ///< P(z_out = 0), by the law of `predicted`: 0 unless that is exact
  /// The standard deviation of the logarithm of the kernel ||z_d||^2/n, which at infinite width is the same in all
  /// networks. That of the neural tangent kernel, of which no law is known, was 0.8 to 0.9 times as large in
  /// simulations of the standard architecture.
  double kernel_deviation;
  std::array<FormatRisk, kNumberFormats.size()> risks;
  /// None if it was not asked for, or if gradients have no law.
  std::optional<GradientShares> gradient_beyond_ten;
  /// Those that the network admits and that it has not made yet. Normalization is left out beyond 2000 layers, where
  /// its law costs more than all else.
  std::vector<Change> changes;

  /// Whether the outputs are those of a Gaussian process, as theory at infinite width has it: kHolds if ks_to_gaussian
  /// is below kHoldsBelow, kRough if it is below kRoughBelow, else kFails.
  Verdict gaussian_process_theory() const;
  /// Whether kernels are as good as fixed, as neural tangent kernel theory at infinite width has it: kHolds if
  /// kernel_deviation is below kKernelHoldsBelow, kRough if it is below kKernelRoughBelow, else kFails.
  Verdict tangent_kernel_theory() const;
};

/// Cost: for the network and each change that of its best law, some 30 milliseconds in nets of 100 layers; with
/// gradients that of gradient_limit(). Throws std::invalid_argument if the input's length is not the network's.
Regime regime(const Network& network, const Input& input = {}, bool with_gradients = false);

}  // namespace initlaw
