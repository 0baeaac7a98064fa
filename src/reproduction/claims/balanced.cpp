#include <fmt/core.h>

#include <cmath>
#include <iterator>

#include "reproduction/claims/building_blocks.hpp"

namespace initlaw {
namespace {

constexpr double kBalancedRatios[] = {0.25, 0.5, 1};

Findings examine_balanced(const std::vector<Ensemble>& ensembles, const Theory& theory) {
  Findings findings;
  findings.table.push_back(
      {"d/n", "width", "mean of G", "limit -V/2", "variance of G", "limit V", "E‖z_out‖² n_in/(n_out ‖x‖²)"});
  const auto nets = groups(ensembles, std::size(kWidths));
  Series mean{"simulated mean", Role::kSimulated, Series::Style::kPoints, {}};
  Series variance{"simulated variance", Role::kSimulated, Series::Style::kPoints, {}, 1};
  Series predicted_mean{"predicted mean, -V/2", Role::kLogGaussian, Series::Style::kLine, {{0, 0}}};
  Series predicted_variance{"predicted variance, V", Role::kLogGaussian, Series::Style::kLine, {{0, 0}}, 1};
  Series vanilla_variance{"variance of the vanilla ResNet", Role::kOther, Series::Style::kLine, {{0, 0}}, 2};
  for (std::size_t i = 0; i < nets.size(); ++i) {
    const std::string name = fmt::format("d/n = {}", kBalancedRatios[i]);
    for (const Ensemble* ensemble : nets[i]) {
      const Network& network = ensemble->network;
      const std::string which = fmt::format("{}, width {}", name, network.width(0));
      const LogNormGrowth G = theory.growth(network).back();
      const Estimate second = ensemble->second_moment.mean() * std::exp(-ensemble->input.log_mean_square(network));
      findings.table.push_back({cell(kBalancedRatios[i]), fmt::format("{}", network.width(0)),
                                cell(ensemble->growth.mean()), cell(G.mean), cell(ensemble->growth.variance()),
                                cell(G.variance), cell(second)});
      // Whose error is honest only if e^V is small against the number of samples.
      if (kBalancedRatios[i] <= 0.5)
        findings.checks.push_back(is_zero(which + ": E‖z_out‖² less what the scales give", second - 1));
      findings.checks.push_back(
          is_zero(which + ": n E[S] in the last layer", ensemble->hypoactivation(network.depth() - 1)));
      for (const auto& [lag, covariance] : ensemble->interlayer_covariance) {
        if (lag != 1 && lag != 4) continue;
        findings.checks.push_back(is_zero(fmt::format("{}: n Cov(S_m, S_l) at lag {}", which, lag), covariance));
      }
    }
    findings.checks.push_back(vanishes(name + ": mean of G", nets[i], mean_deviation(theory)));
    findings.checks.push_back(vanishes(name + ": variance of G", nets[i], variance_deviation(theory)));
    const Ensemble& widest = *nets[i].back();
    const LogNormGrowth G = theory.growth(widest.network).back();
    mean.points.push_back(point(kBalancedRatios[i], widest.growth.mean()));
    variance.points.push_back(point(kBalancedRatios[i], widest.growth.variance()));
    predicted_mean.points.push_back({kBalancedRatios[i], G.mean});
    predicted_variance.points.push_back({kBalancedRatios[i], G.variance});
    const Network twin = vanilla({.width = widest.network.width(0), .depth = widest.network.depth()});
    vanilla_variance.points.push_back({kBalancedRatios[i], theory.growth(twin).back().variance});
    if (i == 1) {
      findings.summary = fmt::format(
          "width 400, d/n = 0.5: mean of G {} (-V/2 = {:.4f}), variance {} (V = {:.4f}; vanilla "
          "{:.4f})",
          cell(widest.growth.mean()), -G.variance / 2, cell(widest.growth.variance()), G.variance,
          vanilla_variance.points.back().y);
    }
  }
  findings.pictures.push_back({.name = "balanced-growth",
                               .caption =
                                   "Mean and variance of G in Balanced ResNets of width 400, and the variance that "
                                   "vanilla ResNets have.",
                               .x_label = "d/n",
                               .y_label = "mean and variance of G",
                               .series = {std::move(mean), std::move(variance), std::move(predicted_mean),
                                          std::move(predicted_variance), std::move(vanilla_variance)}});
  return findings;
}

}  // namespace

Claim balanced_claim(const Setting& setting) {
  Experiments experiments(setting, 7);
  for (const double ratio : kBalancedRatios) {
    for (const std::size_t width : kWidths) {
      const auto depth = static_cast<std::size_t>(std::lround(ratio * static_cast<double>(width)));
      experiments.add(balanced({.width = width, .depth = depth, .outputs = 10}));
    }
  }
  return {.number = 7,
          .title = "Balanced ResNets are free of both effects",
          .statement =
              "With a random sign for each ReLU there is no hypoactivation and no interlayer covariance. G has mean "
              "-V/2 and the variance V = (2 + sum A)/n, less than half of the vanilla one's, and E‖z_out‖² is "
              "kept exactly.",
          .test =
              "H0 for each net: n E[S] = 0 in the last layer, n Cov(S_m, S_l) = 0 at lags 1 and 4, and (d/n <= 1/2) "
              "E‖z_out‖² is what alpha, lambda and the input give, exactly at every width. H0 for each d/n: mean and "
              "variance of G, extrapolated to infinite width (D + c/n + e/n²), are the limit's. All rejected at 4.5 "
              "standard errors.",
          .formula = "V = (1/n) (2 + sum_l A_l),  A_l = 5 t_l² + 4 a_l² t_l,  mu = sum_l ln r_l² - V/2",
          .experiments = experiments.take(),
          .examine = examine_balanced};
}

}  // namespace initlaw
