#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "reproduction/claims/building_blocks.hpp"

namespace initlaw {
namespace {

constexpr std::size_t kLags[] = {1, 2, 4, 8};
constexpr double kGrowthRatios[] = {0.125, 0.25, 0.375, 0.5, 0.75, 1};
/// Beyond, the estimate of E||z_out||^2 hangs on a few of the largest networks.
constexpr double kLargestRatioOfMean = 0.5;

Estimate at_lag(const Ensemble& ensemble, std::size_t lag) {
  const auto& covariances = ensemble.interlayer_covariance;
  return std::find_if(covariances.begin(), covariances.end(), [&](const auto& c) { return c.lag == lag; })->covariance;
}

void examine_lags(const std::vector<std::vector<const Ensemble*>>& nets, const Theory& theory, Findings& findings) {
  Picture picture{.name = "interlayer-covariance",
                  .caption =
                      "Interlayer covariance n Cov(S_m, S_l) against the lag l - m: vanilla ResNets of width 400, and "
                      "K(alpha^lag).",
                  .x_label = "lag",
                  .y_label = "n Cov(S_m, S_l)",
                  .log_x = true,
                  .series = {}};
  for (std::size_t i = 0; i < std::size(kAlpha2); ++i) {
    const std::string name = fmt::format("alpha² = {}", kAlpha2[i]);
    const Ensemble& widest = *nets[i].back();
    std::vector<Point> simulated, predicted;
    for (const auto& [lag, covariance] : widest.interlayer_covariance) {
      if (lag > 0) simulated.push_back(point(static_cast<double>(lag), covariance));
    }
    for (std::size_t lag = 1; lag < widest.network.depth(); ++lag) {
      predicted.push_back({static_cast<double>(lag), theory.covariance(widest.network, lag)});
    }
    for (const std::size_t lag : kLags) {
      findings.checks.push_back(vanishes(
          fmt::format("{}, lag {}: n Cov(S_m, S_l)", name, lag), nets[i],
          [&](const Ensemble& ensemble) { return at_lag(ensemble, lag) - theory.covariance(ensemble.network, lag); }));
    }
    const int variant = static_cast<int>(i);
    picture.series.push_back(
        {"simulated, " + name, Role::kSimulated, Series::Style::kPoints, std::move(simulated), variant});
    picture.series.push_back(
        {"theory, " + name, Role::kLogGaussian, Series::Style::kLine, std::move(predicted), variant});
  }
  findings.pictures.push_back(std::move(picture));
}

/// What the covariance does to the output: nets of rising depth. Without the covariance, V is that of the Balanced
/// twin.
void examine_effect(const std::vector<const Ensemble*>& nets, const Theory& theory, Findings& findings) {
  Series simulated_variance{"simulated", Role::kSimulated, Series::Style::kPoints, {}};
  Series with_variance{"with the covariance", Role::kLogGaussian, Series::Style::kLine, {}};
  Series without_variance{"without", Role::kOther, Series::Style::kLine, {}, 1};
  Series simulated_mean = simulated_variance;
  Series with_mean = with_variance;
  Series without_mean = without_variance;
  findings.table.push_back({"d/n", "variance of G", "with covariance", "without", "E‖z_out‖² n_in/(n_out ‖x‖²)",
                            "with covariance", "without"});
  for (const Ensemble* ensemble : nets) {
    const Network& network = ensemble->network;
    const double ratio = aspect_ratio(network);
    const std::string name = fmt::format("d/n = {}", ratio);
    const LogNormGrowth with = theory.growth(network).back();
    const double without =
        theory.growth(balanced({.width = network.width(0), .depth = network.depth()})).back().variance;
    const Estimate variance = ensemble->growth.variance();
    const double input = std::exp(ensemble->input.log_mean_square(network));
    const Estimate mean = ensemble->second_moment.mean() * (1 / input);
    const double mean_with = std::exp(with.mean + with.variance / 2);
    const double mean_without = std::exp(with.mean + without / 2);
    findings.table.push_back({cell(ratio), cell(variance), cell(with.variance), cell(without), cell(mean),
                              cell(mean_with), cell(mean_without)});
    simulated_variance.points.push_back(point(ratio, variance));
    with_variance.points.push_back({ratio, with.variance});
    without_variance.points.push_back({ratio, without});
    simulated_mean.points.push_back(point(ratio, mean));
    with_mean.points.push_back({ratio, mean_with});
    without_mean.points.push_back({ratio, mean_without});
    const auto judge = [&](const std::string& what, const Estimate& value, double with_covariance, double without_it) {
      const double middle = 0.5 * (with_covariance + without_it);
      findings.checks.push_back(is_positive(
          fmt::format("{}: {}, less the middle of the predictions with the covariance and without", name, what),
          (value - middle)));
      const Estimate share = (value - with_covariance) * (1 / with_covariance);
      findings.checks.push_back(is_below(fmt::format("{}: {}, off the prediction by a share of", name, what),
                                         {std::abs(share.value), share.std_error},
                                         10 / static_cast<double>(network.width(0))));
    };
    judge("variance of G", variance, with.variance, without);
    if (ratio <= kLargestRatioOfMean) judge("E‖z_out‖²", mean, mean_with, mean_without);
    if (ratio == 0.5) {
      findings.summary = fmt::format(
          "width {}, d/n = 0.5: variance of G {}, {:.3f} with the covariance, {:.3f} without; "
          "E‖z_out‖² {}, {:.3f} with, {:.3f} without",
          network.width(0), cell(variance), with.variance, without, cell(mean), mean_with, mean_without);
    }
  }
  findings.pictures.push_back({.name = "variance-growth",
                               .caption =
                                   "The variance of G against d/n: simulated at width 200, and predicted with the "
                                   "interlayer covariance and without it.",
                               .x_label = "d/n",
                               .y_label = "variance of G",
                               .series = {simulated_variance, with_variance, without_variance}});
  findings.pictures.push_back({.name = "second-moment-growth",
                               .caption = "E‖z_out‖², relative to the input, grows exponentially in d/n because of the "
                                          "covariance; without it, it would shrink.",
                               .x_label = "d/n",
                               .y_label = "E‖z_out‖² n_in/(n_out ‖x‖²)",
                               .log_y = true,
                               .series = {simulated_mean, with_mean, without_mean}});
}

Findings examine_interlayer_covariance(const std::vector<Ensemble>& ensembles, const Theory& theory) {
  Findings findings;
  auto nets = groups(ensembles, std::size(kWidths));
  examine_lags(nets, theory, findings);
  std::vector<const Ensemble*> rising;
  for (std::size_t i = std::size(kAlpha2) * std::size(kWidths); i < ensembles.size(); ++i)
    rising.push_back(&ensembles[i]);
  examine_effect(rising, theory, findings);
  return findings;
}

}  // namespace

Claim interlayer_covariance_claim(const Setting& setting) {
  Experiments experiments(setting, 6);
  for (const double alpha2 : kAlpha2) {
    for (const std::size_t width : kWidths) {
      experiments.add(vanilla(
          {.width = width, .depth = 32, .alpha = std::sqrt(alpha2), .lambda = std::sqrt(1 - alpha2), .outputs = 10}));
    }
  }
  for (const double ratio : kGrowthRatios) {
    experiments.add(vanilla({.width = 200, .depth = static_cast<std::size_t>(200 * ratio), .outputs = 10}));
  }
  return {
      .number = 6,
      .title = "Layers are correlated, and that makes the output's variance grow exponentially",
      .statement =
          "The activities S_m and S_l of two layers have the covariance K(alpha^(l-m))/n. It more than doubles "
          "the slope of the variance of G, and with it E‖z_out‖² grows exponentially in d/n where it "
          "would shrink otherwise.",
      .test =
          "Nets of depth 32. H0 for each alpha and lag: n Cov(S_m, S_l), extrapolated to infinite width (D + c/n + "
          "e/n²), is the theory's; rejected at 4.5 standard errors. Standard nets of width 200, d/n from 1/8 to 1. "
          "H0: variance of G and (up to d/n = 1/2) E‖z_out‖² are no nearer to the prediction with the covariance "
          "than to that without; the claim needs it rejected at 4.5 standard errors. Both must be within a share of "
          "10/n of the prediction.",
      .formula =
          "n Cov(S_m, S_l) = K(alpha^(l-m)),  K(rho) = (2/pi) (3 rho √(1-rho²) + (1+2 rho²) arcsin rho)\n"
          "E‖z_out‖²/n_out = (‖x‖²/n_in) e^{mu + V/2}\n"
          "without covariance: V = (2 + sum_l A_l)/n, that of the Balanced ResNet",
      .experiments = experiments.take(),
      .examine = examine_interlayer_covariance};
}

}  // namespace initlaw
