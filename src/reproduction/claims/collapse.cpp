#include <fmt/core.h>

#include <cmath>
#include <iterator>

#include "reproduction/claims/building_blocks.hpp"

namespace initlaw {
namespace {

constexpr double kCollapseRatios[] = {0.125, 0.25, 0.5, 1};
constexpr std::size_t kCollapseWidths[] = {64, 128, 256, 512};

Picture variance_picture(std::string name, std::string caption, std::string x_label) {
  return {.name = std::move(name),
          .caption = std::move(caption),
          .x_label = std::move(x_label),
          .y_label = "variance of G",
          .log_x = true,
          .log_y = true,
          .series = {}};
}

Findings examine_collapse(const std::vector<Ensemble>& ensembles, const Theory& theory) {
  Findings findings;
  Picture against_depth =
      variance_picture("collapse-depth", "The variance of G against depth: a curve for each width.", "depth d");
  Picture against_ratio = variance_picture("collapse-ratio", "The same figures against d/n: one curve for all.", "d/n");
  findings.table.push_back({"d/n", "width", "depth", "mean of G/(d/n)", "variance of G/(d/n)"});
  // Against the widest nets', which are closest to the limit.
  const auto curves = groups(ensembles, std::size(kCollapseRatios));
  const auto& widest = curves.back();
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const std::string name = fmt::format("width {}", kCollapseWidths[i]);
    std::vector<Point> by_depth, by_ratio;
    for (std::size_t k = 0; k < curves[i].size(); ++k) {
      const Ensemble& ensemble = *curves[i][k];
      const double ratio = aspect_ratio(ensemble.network);
      by_depth.push_back(point(static_cast<double>(ensemble.network.depth()), ensemble.growth.variance()));
      by_ratio.push_back(point(ratio, ensemble.growth.variance()));
      findings.table.push_back({cell(ratio), name, fmt::format("{}", ensemble.network.depth()),
                                cell(ensemble.growth.mean() * (1 / ratio)),
                                cell(ensemble.growth.variance() * (1 / ratio))});
    }
    const int variant = static_cast<int>(i);
    against_depth.series.push_back(
        {name, Role::kSimulated, Series::Style::kJoinedPoints, std::move(by_depth), variant});
    against_ratio.series.push_back({name, Role::kSimulated, Series::Style::kPoints, std::move(by_ratio), variant});
  }
  for (std::size_t k = 0; k < std::size(kCollapseRatios); ++k) {
    std::vector<const Ensemble*> alike;
    alike.reserve(curves.size());
    for (const auto& curve : curves) alike.push_back(curve[k]);
    const std::string name = fmt::format("d/n = {}", kCollapseRatios[k]);
    findings.checks.push_back(vanishes(name + ": mean of G", alike, mean_deviation(theory)));
    findings.checks.push_back(vanishes(name + ": variance of G", alike, variance_deviation(theory)));
    // The same depth at an eighth of the width, where there is such a net: k = 0 has depths 8 to 64.
    const Ensemble& wide = *alike[2];
    const Ensemble& wider = *alike[3];
    const Estimate V = wider.growth.variance();
    const Estimate difference = (wide.growth.variance() - V) * (1 / V.value);
    findings.checks.push_back(is_below(name + ": variance of G, width 256 against 512, off by a share of",
                                       {std::abs(difference.value), difference.std_error}, 10.0 / 256));
  }
  // Nets of depth 64: width 512 with d/n = 1/8, and width 64 with d/n = 1.
  const Estimate narrow = curves[0][3]->growth.variance();
  const Estimate wide = widest[0]->growth.variance();
  findings.checks.push_back(
      is_positive("depth 64: variance of G at width 64, less 4 times that at width 512", narrow - wide * 4));
  std::vector<Point> limit;
  for (std::size_t k = 0; k < std::size(kCollapseRatios); ++k) {
    limit.push_back({kCollapseRatios[k], theory.growth(widest[k]->network).back().variance});
  }
  against_ratio.series.push_back({"log-Gaussian limit", Role::kLogGaussian, Series::Style::kLine, std::move(limit)});
  findings.summary = fmt::format(
      "variance of G at d/n = 0.5: {}, {}, {}, {} at widths 64 to 512; at depth 64: {} at width "
      "64, {} at width 512",
      cell(curves[0][2]->growth.variance()), cell(curves[1][2]->growth.variance()),
      cell(curves[2][2]->growth.variance()), cell(curves[3][2]->growth.variance()), cell(narrow), cell(wide));
  findings.pictures = {std::move(against_depth), std::move(against_ratio)};
  return findings;
}

}  // namespace

Claim collapse_claim(const Setting& setting) {
  Experiments experiments(setting, 4);
  for (const std::size_t width : kCollapseWidths) {
    for (const double ratio : kCollapseRatios) {
      const auto depth = static_cast<std::size_t>(std::lround(ratio * static_cast<double>(width)));
      experiments.add(
          vanilla({.width = width, .depth = depth, .alpha = std::sqrt(0.7), .lambda = std::sqrt(0.3), .outputs = 10}));
    }
  }
  return {.number = 4,
          .title = "Depth and width matter only through d/n",
          .statement =
              "Mean and variance of the growth G of ResNets with equal d/n are equal, but for corrections of order "
              "1/n, however deep the nets; those of nets with equal depth are not.",
          .test =
              "Nets with alpha² = 0.7, lambda² = 0.3. H0 for each d/n: mean and variance of G, extrapolated to "
              "infinite width (D + c/n + e/n²), are the limit's at this d/n; rejected at 4.5 standard errors. "
              "Besides, the variances at widths 256 and 512 must agree to a share of 10/256, while at equal depth 64 "
              "the variance at width 64 must be more than 4 times that at width 512.",
          .formula =
              "constant alpha, lambda with alpha² + lambda² = 1, far from the input:\n"
              "mu = (d/n) (t h - A/2),  V = (d/n) (A + 2 t² sum_{k>=1} K(alpha^k)),  t = lambda²",
          .experiments = experiments.take(),
          .examine = examine_collapse};
}

}  // namespace initlaw
