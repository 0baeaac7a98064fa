#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "comparison/output_size.hpp"
#include "initlaw/compare.hpp"
#include "initlaw/design.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/tail.hpp"
#include "law/boost_policy.hpp"
#include "statistics/none.hpp"

namespace initlaw {
namespace {

/// What is asked of which simulation.
struct Experiment {
  const Network& network;
  const Input& input;
  const Target& target;
  const VerificationOptions& options;
};

/// What a simulation measured, in so many networks.
struct Measurement {
  Estimate estimate;
  std::uint64_t samples;
};

constexpr Estimate kNoEstimate = {kNone, kNone};

/// The share of numbers below x, exact to one bin. Its error is not 0 where there are none.
Estimate share_below(const Histogram& histogram, double x) {
  const std::size_t bins = std::max(histogram.bin_of(x), histogram.first_bin()) - histogram.first_bin();
  const auto counts = histogram.counts().first(std::min(bins, histogram.counts().size()));
  double below = 0;
  for (const std::uint64_t count : counts) below += static_cast<double>(count);
  const double all = static_cast<double>(histogram.count());
  const double likely = (below + 1) / (all + 2);
  return {below / all, std::sqrt(likely * (1 - likely) / all)};
}

Estimate complement(const Estimate& share) { return {1 - share.value, share.std_error}; }

/// Of sizes whose squares' logarithms are counted. The quantiles' errors are taken for independent, which they are not
/// quite: they rise together, so that the ratio's is smaller.
Estimate quantile_ratio(const Histogram& log_squares) {
  const Estimate low = log_squares.quantile(kLowQuantile);
  const Estimate high = log_squares.quantile(kHighQuantile);
  const double ratio = std::exp((high.value - low.value) / 2);
  return {ratio, ratio * std::hypot(low.std_error, high.std_error) / 2};
}

SimulationOptions simulation_options(const Experiment& experiment) {
  const bool needs_dense = experiment.network.architecture().weights == Weights::kUniform;
  return {.samples = experiment.options.samples,
          .seed = experiment.options.seed,
          .method = needs_dense ? Method::kDense : Method::kFast,
          .threads = experiment.options.threads,
          .lags = std::vector<std::size_t>{},
          .gradients = experiment.target.gradient()};
}

/// The mean of risks with an error that counts what was not seen: where few networks make most of the mean, one in as
/// many as there were may make as much again.
Estimate mean_risk(const Moments& risks) {
  constexpr double kFewest = 30;
  const Estimate mean = risks.mean();
  const bool rests_on_few = mean.std_error * std::sqrt(kFewest) >= mean.value;
  return {mean.value, rests_on_few ? std::max(mean.std_error, 1 / static_cast<double>(risks.count())) : mean.std_error};
}

/// The risk of one output: the mean of that given ||z_out||, of so many outputs that this says almost as much as the
/// hidden layers do. On the sphere the square of one of k coordinates has a beta law.
Measurement measure_risk(const Experiment& experiment, const Progress& progress) {
  constexpr std::size_t kOutputs = 64;
  const bool is_above = experiment.target.quantity() == Quantity::kOverflow;
  const auto samples = log_output_norm2_samples(experiment.network.with_outputs(kOutputs),
                                                simulation_options(experiment), experiment.input, progress);
  const double log_limit2 = 2 * std::log(experiment.target.limit());
  Moments risk;
  for (const double log_norm2 : samples) {
    const double square = std::min(1.0, std::exp(log_limit2 - log_norm2));
    constexpr double kRest = (kOutputs - 1) / 2.0;
    risk.add(is_above ? boost::math::ibetac(0.5, kRest, square, BoostPolicy())
                      : boost::math::ibeta(0.5, kRest, square, BoostPolicy()));
  }
  return {mean_risk(risk), samples.size()};
}

Measurement measure_tail(const Experiment& experiment, const Progress& progress) {
  const TailOptions tail_options{.threshold = experiment.target.limit(),
                                 .samples = experiment.options.samples,
                                 .seed = experiment.options.seed,
                                 .threads = experiment.options.threads};
  const Tail tail = tail_probability(experiment.network, tail_options, experiment.input, progress);
  return {tail.converged() ? tail.probability : kNoEstimate, tail.samples};
}

Estimate estimate_of(const Target& target, const Gradients& gradients) {
  const double log_limit2 = 2 * std::log(target.limit());
  switch (target.quantity()) {
    case Quantity::kVariance:
      return gradients.growth.variance();
    case Quantity::kQuantileRatio:
      return quantile_ratio(gradients.growth_histogram);
    case Quantity::kOverflow:
      return complement(share_below(gradients.growth_histogram, log_limit2));
    default:
      return share_below(gradients.growth_histogram, log_limit2);
  }
}

Estimate estimate_of(const Target& target, const Ensemble& ensemble) {
  if (ensemble.samples == ensemble.dead) return kNoEstimate;
  if (target.gradient()) {
    const auto& gradients = ensemble.gradients;
    return gradients && gradients->growth.count() > 0 ? estimate_of(target, *gradients) : kNoEstimate;
  }
  switch (target.quantity()) {
    case Quantity::kVariance:
      return ensemble.log_output_norm2.variance();
    case Quantity::kQuantileRatio:
      return quantile_ratio(*ensemble.log_output_square_histogram);
    default: {
      // Near the truth chance decides where the difference is largest; its error is at most that of a share of one
      // half.
      const double error = 0.5 / std::sqrt(static_cast<double>(ensemble.samples - ensemble.dead));
      return {kolmogorov_smirnov(ensemble, infinite_width(ensemble.network, ensemble.input)).value, error};
    }
  }
}

Measurement measure(const Experiment& experiment, const Progress& progress) {
  const Target& target = experiment.target;
  const bool is_above = target.quantity() == Quantity::kOverflow;
  if (!target.gradient() && (is_above || target.quantity() == Quantity::kUnderflow)) {
    constexpr double kRare = 1e-3;
    // Tails of other networks than the standard ones are measured in plain networks.
    const bool splits = is_above && experiment.network.has_standard_architecture() && target.at_most() < kRare;
    return splits ? measure_tail(experiment, progress) : measure_risk(experiment, progress);
  }
  const Ensemble ensemble = simulate(experiment.network, simulation_options(experiment), experiment.input, progress);
  return {estimate_of(target, ensemble), ensemble.samples};
}

DesignVerdict verdict_on(const Estimate& simulated, const Target& target) {
  const double target_value = target.at_most();
  const double error = 3 * simulated.std_error;
  const double excess = simulated.value - target_value;
  const bool is_risk = target.quantity() == Quantity::kOverflow || target.quantity() == Quantity::kUnderflow;
  const double tolerance = is_risk ? 0.5 : 0.05;
  if (!(std::isfinite(error) && std::isfinite(excess))) return DesignVerdict::kUndecided;
  if (excess <= error) return error > target_value / 2 ? DesignVerdict::kUndecided : DesignVerdict::kConfirmed;
  return excess < tolerance * target_value ? DesignVerdict::kClose : DesignVerdict::kRefuted;
}

}  // namespace

Verification verify(const Network& network, const Target& target, const VerificationOptions& options,
                    const Input& input, const Progress& progress) {
  const auto [estimate, samples] = measure({network, input, target, options}, progress);
  return {.target = target,
          .options = options,
          .samples = samples,
          .simulated = estimate,
          .verdict = verdict_on(estimate, target)};
}

}  // namespace initlaw
