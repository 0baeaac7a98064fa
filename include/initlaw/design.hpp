#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/input.hpp"
#include "initlaw/names.hpp"
#include "initlaw/network.hpp"
#include "initlaw/regime.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/statistics.hpp"

namespace INITLAW_API initlaw {

/// The field of a network that design() finds. Of a stable ResNet lambda is the residual scale.
enum class Parameter { kWidth, kDepth, kAlpha, kLambda };
template <>
inline constexpr auto kNames<Parameter> = std::to_array<Name<Parameter>>({{Parameter::kWidth, "width"},
                                                                          {Parameter::kDepth, "depth"},
                                                                          {Parameter::kAlpha, "alpha"},
                                                                          {Parameter::kLambda, "lambda"}});

/// What a design keeps small: of the output, or of a gradient's growth ||df/dz_0||/||df/dz_d|| from the last layer to
/// the first.
enum class Quantity {
  kVariance,       ///< of ln||z_out||^2; of ln of the growth's square
  kQuantileRatio,  ///< the 95% quantile divided by the 5% quantile, of the size |z| of one output; of the growth
  kOverflow,       ///< P(|z| > limit) of one output, dead networks counted as 0; P(growth > limit)
  kUnderflow,      ///< P(|z| < limit) of one output, dead networks counted as 0; P(growth < limit)
  kKsToGaussian,   ///< Kolmogorov-Smirnov distance of ln||z_out||^2 from its law at infinite width
};
template <>
inline constexpr auto kNames<Quantity> = std::to_array<Name<Quantity>>({{Quantity::kVariance, "variance"},
                                                                        {Quantity::kQuantileRatio, "quantile-ratio"},
                                                                        {Quantity::kOverflow, "overflow"},
                                                                        {Quantity::kUnderflow, "underflow"},
                                                                        {Quantity::kKsToGaussian, "ks-to-gaussian"}});

/// A bound on a quantity: valid by construction. The functions throw std::invalid_argument that names the number which
/// is out of range.
class Target {
 public:
  static Target variance(double at_most);              ///< a finite number above 0
  static Target quantile_ratio(double at_most);        ///< a finite number above 1
  static Target overflow(double limit, double risk);   ///< a finite limit above 0, a risk between 0 and 1
  static Target underflow(double limit, double risk);  ///< likewise
  static Target ks_to_gaussian(double at_most);        ///< between 0 and 1
  /// The same of the growth of the gradient in a direction. Throws for the distance from the Gaussian law, which a
  /// gradient has none of, and for a risk below 1e-5, as GradientLaw is known to 1e-6.
  Target of_gradient(OutputDirection direction) const;

  Quantity quantity() const { return quantity_; }
  /// The bound: a variance, a ratio, a risk or a distance.
  double at_most() const { return at_most_; }
  /// Of overflow and underflow; NaN of others.
  double limit() const { return limit_; }
  /// None if it is the output's.
  std::optional<OutputDirection> gradient() const { return gradient_; }

 private:
  Target(Quantity quantity, double at_most, double limit) : quantity_(quantity), at_most_(at_most), limit_(limit) {}

  Quantity quantity_;
  double at_most_;
  double limit_;
  std::optional<OutputDirection> gradient_;
};

/// Values from and to, both included.
struct Range {
  double from;
  double to;

  bool operator==(const Range&) const = default;
};

/// The values that are searched unless others are asked for: widths up to a million, depths up to 100,000, or 1000
/// where branches are normalized and a law costs O(d^2), scales from 1e-4 to 10.
Range default_range(const Network& network, Parameter parameter);

/// What theory says of a network with one value of the parameter.
struct DesignPoint {
  double value;
  double quantity;
  /// LawKind::key of the law that says so: the best one, as in Regime; "gradient" for GradientLaw.
  std::string_view law;
  LawAccuracy accuracy;
  /// As in PredictedSpread.
  std::optional<double> law_error;
};

/// The values of one field of a network that meet a target.
struct Design {
  /// With the value that was found, or as given if none was.
  Network network;
  Input input;
  Parameter parameter;
  Target target;
  Range searched;
  /// Where the target is met, in ascending order: each end meets it, and either is an end of what was searched or has a
  /// neighbour that does not meet it (of a scale: to six digits). More than one if the quantity is not monotone.
  std::vector<Range> met;
  /// The value to take: of widths and alphas the smallest of the last range, of depths and lambdas the largest of the
  /// first. Where only the other end of that range is more than the end of the search, it is that one.
  std::optional<DesignPoint> found;
  /// In ascending order: half of what was found, its neighbours, twice as much, as far as they were searched; if
  /// nothing was found, where the quantity was least, and both ends.
  std::vector<DesignPoint> points;
  /// The quantity at infinite width, of `network`.
  double at_infinite_width;

  bool meets(double quantity) const { return quantity <= target.at_most(); }
};

/// Finds the values of one field with which a network meets a target, by its best law. The field's value in `network`
/// does not matter.
///
/// The quantity is looked at in steps of a factor of 2 from range.to down to range.from, at most 40, and not taken to
/// be monotone; between a value that meets the target and one that does not the border is found by bisection (counts)
/// or TOMS 748 (scales). What changes twice within a factor of 2 may be overlooked. Cost: some 40 times that of the
/// best law, a second in nets of 100 layers; of gradients some 40 times that of gradient_limit.
///
/// Throws std::invalid_argument if the family fixes the field or the network has a list for it, of depth also if alpha,
/// lambda or the width is a list, for a range that is none of the field's, for a risk below 1e-14 where the law is
/// exact, if gradients have no law, and as laws() does.
Design design(const Network& network, Parameter parameter, const Target& target, const Input& input = {});
Design design(const Network& network, Parameter parameter, const Target& target, const Input& input,
              const Range& range);

/// How a design is verified. The result depends on all but `threads`.
struct VerificationOptions {
  std::uint64_t samples = 100'000;
  std::uint64_t seed = 1;
  /// 0 for as many as the machine has cores.
  unsigned threads = 0;
};

/// What a simulation says of a design.
enum class DesignVerdict {
  kConfirmed,  ///< the quantity is at most the target, within three standard errors
  kClose,      ///< it is above, by less than a twentieth of the target; a risk by less than half of it
  kRefuted,    ///< it is above by more
  kUndecided,  ///< three standard errors are more than half of the target: too few samples
};
template <>
inline constexpr auto kNames<DesignVerdict> =
    std::to_array<Name<DesignVerdict>>({{DesignVerdict::kConfirmed, "confirmed"},
                                        {DesignVerdict::kClose, "close"},
                                        {DesignVerdict::kRefuted, "refuted"},
                                        {DesignVerdict::kUndecided, "undecided"}});

struct Verification {
  Target target;
  VerificationOptions options;
  /// Networks simulated; fewer than asked for if stopped.
  std::uint64_t samples;
  /// The target's quantity.
  Estimate simulated;
  DesignVerdict verdict;
};

/// Simulates a network, Design::network say, and compares it with a target. Risks of an output below 1e-3 to overflow
/// are measured by tail_probability where it can be, other risks of an output as the mean of those given ||z_out||, all
/// else as simulate() does. Where a mean of risks rests on fewer than some 30 networks, its error is that of a share,
/// as those that matter may not have been seen. Gradients are those that do not vanish. Cost and errors: as these.
Verification verify(const Network& network, const Target& target, const VerificationOptions& options = {},
                    const Input& input = {}, const Progress& progress = {});

}  // namespace initlaw
