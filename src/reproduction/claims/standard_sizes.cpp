#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "reproduction/claims/building_blocks.hpp"

namespace initlaw {
namespace {

struct Size {
  std::size_t width;
  std::size_t depth;
};
/// Depths of ResNets in use.
constexpr Size kSizes[] = {{64, 18}, {128, 34}, {256, 50}, {256, 101}, {512, 152}};

struct Scales {
  double alpha2;
  double lambda2;
};
constexpr Scales kScales[] = {{0.5, 0.5}, {0.8, 0.2}, {1, 0.1}};

std::vector<Network> standard_networks() {
  std::vector<Network> result;
  for (const auto& [width, depth] : kSizes) {
    result.push_back(fully_connected({.width = width, .depth = depth, .outputs = 10}));
    for (const auto& [alpha2, lambda2] : kScales) {
      result.push_back(vanilla(
          {.width = width, .depth = depth, .alpha = std::sqrt(alpha2), .lambda = std::sqrt(lambda2), .outputs = 10}));
    }
    result.push_back(balanced({.width = width, .depth = depth, .outputs = 10}));
    result.push_back(stable({.width = width, .depth = depth, .outputs = 10}));
  }
  return result;
}

std::string standard_name(const Network& network) {
  std::string name = fmt::format("{}, {} x {}", to_string(network.family()), network.width(0), network.depth());
  if (network.family() == Family::kVanilla) {
    name +=
        fmt::format(", alpha² {:.2g}, lambda² {:.2g}", std::pow(network.alpha(1), 2), std::pow(network.lambda(1), 2));
  }
  return name;
}

/// How far a law is off in the properties that the claim names; ratios are simulated over predicted.
struct Departure {
  Estimate mean;            ///< of ln||z_out||^2: difference
  Estimate variance_ratio;  ///< of ln||z_out||^2
  Estimate second_moment_ratio;
  double excess_kurtosis;
  Estimate tail_ratio;  ///< of the 99.9% quantiles of one output's absolute value
  Estimate ks;
};

Departure departure(const Ensemble& ensemble, const Law& law) {
  const Estimate tail = ensemble.log_output_square_histogram->quantile(0.999);
  const double tail_ratio = std::exp(0.5 * (tail.value - law.output().log_square().quantile(0.999)));
  return {.mean = ensemble.log_output_norm2.mean() - law.mean(),
          .variance_ratio = ensemble.log_output_norm2.variance() * (1 / law.variance()),
          .second_moment_ratio = ensemble.second_moment.mean() * (1 / law.second_moment()),
          .excess_kurtosis = law.output().excess_kurtosis(),
          .tail_ratio = {tail_ratio, tail_ratio * 0.5 * tail.std_error},
          .ks = ks(ensemble, law)};
}

std::string percent(const Estimate& ratio) {
  return fmt::format("{:+.1f} ± {:.1f}%", 100 * (ratio.value - 1), 100 * ratio.std_error);
}

Findings examine_standard_sizes(const std::vector<Ensemble>& ensembles, const Theory& theory) {
  Findings findings;
  findings.table.push_back({"network", "law", "KS", "mean of log-norm", "its variance", "E‖z_out‖²",
                            "excess kurtosis of an output: law (simulated)", "its 99.9% quantile"});
  Series log_gaussian{"log-Gaussian limit", Role::kLogGaussian, Series::Style::kPoints, {}};
  Series gaussian{"Gaussian limit", Role::kGaussian, Series::Style::kPoints, {}};
  double worst = 0;
  double best_gaussian = 1;
  for (const Ensemble& ensemble : ensembles) {
    const Network& network = ensemble.network;
    const std::string name = standard_name(network);
    const auto n = static_cast<double>(network.width(0));
    const Departure ours = departure(ensemble, theory.log_gaussian(network, ensemble.input));
    const Departure theirs = departure(ensemble, theory.gaussian(network, ensemble.input));
    const Departure next_order = departure(ensemble, theory.finite_width(network, ensemble.input));
    for (const auto& [law, off] :
         {std::pair{"finite width", next_order}, std::pair{"log-Gaussian", ours}, std::pair{"Gaussian", theirs}}) {
      findings.table.push_back({name, law, cell(off.ks.value),
                                fmt::format("{:+.3f} ± {:.3f}", off.mean.value, off.mean.std_error),
                                percent(off.variance_ratio), percent(off.second_moment_ratio),
                                fmt::format("{:.3g} ({})", off.excess_kurtosis, cell(ensemble.output_excess_kurtosis)),
                                percent(off.tail_ratio)});
    }
    const double V = theory.growth(network).back().variance;
    log_gaussian.points.push_back(point(V, ours.ks));
    gaussian.points.push_back(point(V, theirs.ks));
    worst = std::max(worst, ours.ks.value);
    best_gaussian = std::min(best_gaussian, theirs.ks.value);
    const auto off = [](const Estimate& estimate, double from) {
      return Estimate{std::abs(estimate.value - from), estimate.std_error};
    };
    findings.checks.push_back(
        is_below(name + ": 5 times the KS from the log-Gaussian limit, less that from the Gaussian one",
                 ours.ks * 5 - theirs.ks, 0));
    findings.checks.push_back(is_below(name + ": mean of ln‖z_out‖², off by", off(ours.mean, 0), 5 / n));
    findings.checks.push_back(
        is_below(name + ": variance of ln‖z_out‖², off by a share of", off(ours.variance_ratio, 1), 10 / n));
    findings.checks.push_back(
        is_below(name + ": E‖z_out‖², off by a share of", off(ours.second_moment_ratio, 1), 10 / n));
    findings.checks.push_back(
        is_below(name + ": 99.9% quantile of one output, off by a share of", off(ours.tail_ratio, 1), 10 / n));
  }
  findings.summary = fmt::format(
      "{} nets of width 64 to 512: the log-Gaussian limit is off by {:.3f} at most (KS), the "
      "Gaussian one by {:.3f} at least",
      ensembles.size(), worst, best_gaussian);
  findings.pictures.push_back({.name = "standard-sizes",
                               .caption = "Kolmogorov-Smirnov distance of ln‖z_out‖² from both limits, for each net of "
                                          "the table, against the variance V that the log-Gaussian limit predicts.",
                               .x_label = "V",
                               .y_label = "KS distance",
                               .log_x = true,
                               .log_y = true,
                               .series = {std::move(log_gaussian), std::move(gaussian)}});
  return findings;
}

}  // namespace

Claim standard_sizes_claim(const Setting& setting) {
  Experiments experiments(setting, 3);
  // Of fewer, not ten would lie beyond the 99.9% quantile.
  constexpr double kLeastSamples = 10'000;
  for (const Network& network : standard_networks()) experiments.add(network, Estimator::kPlain, kLeastSamples);
  return {
      .number = 3,
      .title = "At the sizes in use, the log-Gaussian limit describes networks and the Gaussian one does not",
      .statement =
          "For widths 64 to 512 and depths 18 to 152, in all families: mean and variance of ln‖z_out‖², "
          "E‖z_out‖² and the tails of one output are close to the log-Gaussian limit, and far from the "
          "Gaussian one.",
      .test =
          "For each net: the Kolmogorov-Smirnov distance of the log-Gaussian limit is less than a fifth of the "
          "Gaussian one's; mean off by less than 5/n; variance, E‖z_out‖² and the 99.9% quantile of one output "
          "off by a share of less than 10/n (a limit of n to infinity leaves out corrections of order 1/n), each up "
          "to 4.5 standard errors. The kurtosis is for the eye: few networks make most of it.",
      .formula =
          "E‖z_out‖²/n_out = (‖x‖²/n_in) e^{mu + V/2},  excess kurtosis of one output = 3 e^V - 3\n"
          "Gaussian limit: G is the constant sum_l ln r_l²",
      .experiments = experiments.take(),
      .examine = examine_standard_sizes};
}

}  // namespace initlaw
