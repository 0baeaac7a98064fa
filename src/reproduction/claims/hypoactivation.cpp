#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "reproduction/claims/building_blocks.hpp"

namespace initlaw {
namespace {

std::vector<Point> by_layer(const Ensemble& ensemble) {
  std::vector<Point> points;
  const std::size_t d = ensemble.network.depth();
  for (std::size_t l = 0; l < std::min<std::size_t>(d, 40); ++l) {
    points.push_back(point(static_cast<double>(l), ensemble.hypoactivation(l)));
  }
  return points;
}

/// The number of the layer l >= 1 where its badness is largest.
Estimate most_extreme(const Ensemble& ensemble, const std::function<Estimate(std::size_t)>& of_layer,
                      const std::function<double(const Estimate&)>& badness) {
  Estimate worst = of_layer(1);
  for (std::size_t l = 2; l < ensemble.network.depth(); ++l) {
    const Estimate next = of_layer(l);
    if (badness(next) > badness(worst)) worst = next;
  }
  return worst;
}

Findings examine_hypoactivation(const std::vector<Ensemble>& ensembles, const Theory& theory) {
  Findings findings;
  findings.table.push_back({"network", "width", "n E[S], last layer", "theory", "share of active ReLUs", "theory"});
  Picture picture{.name = "hypoactivation-layers",
                  .caption =
                      "Hypoactivation n E[S_l] by layer: vanilla ResNets of width 400, a Balanced one and a fully "
                      "connected net of width 100.",
                  .x_label = "layer l",
                  .y_label = "n E[S_l]",
                  .series = {}};
  const std::size_t vanilla_nets = std::size(kAlpha2) * std::size(kWidths);
  const auto add_row = [&](const std::string& name, const Ensemble& ensemble) {
    const std::size_t last = ensemble.network.depth() - 1;
    findings.table.push_back(
        {name, fmt::format("{}", ensemble.network.width(0)), cell(ensemble.hypoactivation(last)),
         cell(theory.hypoactivation(ensemble.network)[last]),
         fmt::format("{:.5f} ± {:.5f}", ensemble.active_fraction(last).value, ensemble.active_fraction(last).std_error),
         fmt::format("{:.5f}", theory.active_fraction(ensemble.network)[last])});
  };
  const auto nets = groups(ensembles, std::size(kWidths));
  for (std::size_t i = 0; i < std::size(kAlpha2); ++i) {
    const std::string name = fmt::format("vanilla, alpha² = {}", kAlpha2[i]);
    for (const Ensemble* ensemble : nets[i]) {
      add_row(name, *ensemble);
      const auto inactive_excess = [&](std::size_t l) { return ensemble->active_fraction(l) * -1 - -0.5; };
      const std::size_t width = ensemble->network.width(0);
      const std::size_t last = ensemble->network.depth() - 1;
      const std::string what = fmt::format("{}, width {}: 1/2 less the share of active ReLUs", name, width);
      findings.checks.push_back(is_positive(what + " in the last layer", inactive_excess(last)));
      // The effect is of order 1/n, and smallest in the first layers.
      if (width == kWidths[0]) {
        findings.checks.push_back(is_positive(what + ", in the layer l >= 1 where it is least certain",
                                              most_extreme(*ensemble, inactive_excess, [](const Estimate& excess) {
                                                return -excess.value / excess.std_error;
                                              })));
      }
    }
    findings.checks.push_back(vanishes(name + ": n E[S] in the last layer", nets[i], hypoactivation_deviation(theory)));
    findings.checks.push_back(
        vanishes(name + ": n (2 P(active) - 1) in the last layer", nets[i], [&](const Ensemble& ensemble) {
          const std::size_t last = ensemble.network.depth() - 1;
          const double twice_n = 2 * static_cast<double>(ensemble.network.width(0));
          return (ensemble.active_fraction(last) - theory.active_fraction(ensemble.network)[last]) * twice_n;
        }));
    const Ensemble& widest = *nets[i].back();
    const int variant = static_cast<int>(i);
    picture.series.push_back({fmt::format("simulated, alpha² = {}", kAlpha2[i]), Role::kSimulated,
                              Series::Style::kPoints, by_layer(widest), variant});
    std::vector<Point> line;
    const std::vector<double> h = theory.hypoactivation(widest.network);
    for (std::size_t l = 0; l < std::min<std::size_t>(h.size(), 40); ++l)
      line.push_back({static_cast<double>(l), h[l]});
    picture.series.push_back({fmt::format("theory, alpha² = {}", kAlpha2[i]), Role::kLogGaussian, Series::Style::kLine,
                              std::move(line), variant});
    if (kAlpha2[i] == 0.5) {
      const std::size_t last = widest.network.depth() - 1;
      findings.summary = fmt::format(
          "width 400, alpha² = 0.5: n E[S] = {} (theory {:.4f}); at width 50 {:.3f}% of ReLUs "
          "are active",
          cell(widest.hypoactivation(last)), h[last],
          100 * nets[i][0]->active_fraction(nets[i][0]->network.depth() - 1).value);
    }
  }
  for (std::size_t i = vanilla_nets; i < ensembles.size(); ++i) {
    const Ensemble& ensemble = ensembles[i];
    const std::string name(to_string(ensemble.network.family()));
    add_row(name, ensemble);
    const Estimate worst = most_extreme(
        ensemble, [&](std::size_t l) { return ensemble.hypoactivation(l); },
        [](const Estimate& h) { return std::abs(h.value) / h.std_error; });
    findings.checks.push_back(is_zero(name + ": n E[S], in the layer where it is farthest from 0", worst));
    picture.series.push_back({"simulated, " + name, Role::kOther, Series::Style::kPoints, by_layer(ensemble),
                              static_cast<int>(i - vanilla_nets)});
  }
  findings.pictures.push_back(std::move(picture));
  return findings;
}

}  // namespace

Claim hypoactivation_claim(const Setting& setting) {
  Experiments experiments(setting, 5);
  for (const double alpha2 : kAlpha2) {
    for (const std::size_t width : kWidths) {
      experiments.add(vanilla({.width = width,
                               .depth = 40,
                               .alpha = std::sqrt(alpha2),
                               .lambda = std::sqrt(1 - alpha2),
                               .outputs = 10}),
                      Estimator::kAntithetic);
    }
  }
  experiments.add(balanced({.width = 100, .depth = 40, .outputs = 10}));
  experiments.add(fully_connected({.width = 100, .depth = 40, .outputs = 10}));
  return {
      .number = 5,
      .title = "In vanilla ResNets fewer than half of the ReLUs are active",
      .statement =
          "Layer by layer, the ReLUs of a vanilla ResNet pass less than half of the square norm, and fewer than "
          "half of them are active, as the theory predicts. In fully connected nets and Balanced ResNets it is "
          "half.",
      .test =
          "Nets of depth 40. H0 for each vanilla net: in the last layer (width 50: in some layer l >= 1) at least half "
          "of the ReLUs are active; the "
          "claim needs it rejected at 4.5 standard errors. H0 for each alpha: n E[S] and n (2 "
          "P(active) - 1) of the last layer, extrapolated to infinite width (D + c/n + e/n²), are the theory's h and "
          "q. H0 for a Balanced and a fully connected net: n E[S_l] = 0 in each layer.",
      .formula =
          "S_l = 2 ‖relu(z_l)‖²/‖z_l‖² - 1\n"
          "n E[S_l] = h_l = -(1/2) sum_{m<l} t_{m+1} rho_{m,l} K'(rho_{m,l}),  "
          "K'(rho) = (8/pi) (√(1-rho²) + rho arcsin rho)\n"
          "n (2 P(active) - 1) = q_l = -(2/pi) sum_{m<l} t_{m+1} rho_{m,l} √(1-rho_{m,l}²)",
      .experiments = experiments.take(),
      .examine = examine_hypoactivation};
}

}  // namespace initlaw
