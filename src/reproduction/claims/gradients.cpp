#include <fmt/core.h>

#include <cmath>
#include <iterator>

#include "reproduction/claims/building_blocks.hpp"
#include "reproduction/extrapolation.hpp"

namespace initlaw {
namespace {

/// A family of networks, one for each width, and the output whose gradients are looked at.
struct GradientVariant {
  std::string name;
  std::function<Network(std::size_t width)> of_width;
  OutputDirection direction = OutputDirection::kRandom;
};

std::vector<GradientVariant> gradient_variants() {
  const auto vanilla_of = [](double alpha2, std::size_t widths_a_layer) {
    return [=](std::size_t width) {
      return vanilla({.width = width,
                      .depth = width / widths_a_layer,
                      .alpha = std::sqrt(alpha2),
                      .lambda = std::sqrt(1 - alpha2),
                      .outputs = 10});
    };
  };
  const auto balanced_net = [](std::size_t width) {
    return balanced({.width = width, .depth = width / 2, .outputs = 10});
  };
  std::vector<GradientVariant> result;
  for (const std::size_t ratio : {std::size_t{8}, std::size_t{2}}) {
    for (const double alpha2 : kAlpha2) {
      result.push_back({fmt::format("alpha² = {}, d/n = 1/{}", alpha2, ratio), vanilla_of(alpha2, ratio)});
    }
  }
  result.push_back({"alpha² = 0.5, orthogonal", vanilla_of(0.5, 2), OutputDirection::kOrthogonal});
  result.push_back({"fully connected", [](std::size_t width) {
                      return fully_connected({.width = width, .depth = width / 2, .outputs = 10});
                    }});
  result.push_back({"Balanced", balanced_net});
  result.push_back({"Balanced, orthogonal", balanced_net, OutputDirection::kOrthogonal});
  result.push_back({"leaky ReLU of slope 0.3", [](std::size_t width) {
                      return vanilla({.width = width, .depth = width / 2, .outputs = 10, .leak = 0.3});
                    }});
  result.push_back({"sign flips with p = 0.05", [](std::size_t width) {
                      return vanilla({.width = width, .depth = width / 2, .outputs = 10}).with_flip(0.05);
                    }});
  result.push_back({"two-layer branches", [](std::size_t width) {
                      return vanilla({.width = width, .depth = width / 2, .outputs = 10, .branch_depth = 2});
                    }});
  return result;
}

/// The most that the limit may be off at the largest width, where a share of order 1/n is left out.
constexpr double kLargestKs = 0.02;

/// Densities at the largest width, simulated and predicted.
Picture density_picture(const std::vector<std::pair<std::string, const Ensemble*>>& shown,
                        const std::vector<GradientLaw>& laws) {
  Picture picture{.name = "gradients",
                  .caption =
                      "Distribution function of the gradient's growth ln‖∂f/∂z_0‖² - ln‖∂f/∂z_d‖² at width 400, depth "
                      "200: simulated, and in the limit. For an output that is 0 it is Gaussian, else not.",
                  .x_label = "growth of the gradient",
                  .y_label = "probability of less",
                  .series = {}};
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto& [name, ensemble] = shown[i];
    std::vector<Point> points, line;
    constexpr int kPoints = 24;
    for (int k = 1; k < kPoints; ++k) {
      const double p = static_cast<double>(k) / kPoints;
      const double x = ensemble->gradients->growth_histogram.quantile(p).value;
      points.push_back({x, p, std::sqrt(p * (1 - p) / static_cast<double>(ensemble->samples))});
    }
    constexpr int kSteps = 200;
    for (int k = 0; k <= kSteps; ++k) {
      const double x = laws[i].mean() + (6.0 * k / kSteps - 3) * std::sqrt(laws[i].variance());
      line.push_back({x, laws[i].cdf(x)});
    }
    const int variant = static_cast<int>(i);
    picture.series.push_back({name, Role::kSimulated, Series::Style::kPoints, std::move(points), variant});
    picture.series.push_back({"limit, " + name, Role::kLogGaussian, Series::Style::kLine, std::move(line), variant});
  }
  return picture;
}

Findings examine_gradients(const std::vector<Ensemble>& ensembles, const Theory& theory) {
  const std::vector<GradientVariant> all = gradient_variants();
  const auto nets = groups(ensembles, std::size(kWidths));
  Findings findings;
  findings.table.push_back({"network", "n", "mean", "limit", "variance", "limit", "correlation with G", "limit", "KS"});
  std::vector<std::pair<std::string, const Ensemble*>> shown;
  std::vector<GradientLaw> shown_laws;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<AtWidth> mean, variance, correlation;
    for (const Ensemble* ensemble : nets[i]) {
      const GradientLimit limit = theory.gradients(ensemble->network);
      const GradientLaw& law = all[i].direction == OutputDirection::kRandom ? limit.random : limit.orthogonal;
      const Gradients& gradients = *ensemble->gradients;
      const double n = static_cast<double>(ensemble->network.width(0));
      mean.push_back({n, gradients.growth.mean() - law.mean()});
      variance.push_back({n, gradients.growth.variance() - law.variance()});
      correlation.push_back({n, gradients.correlation_with_growth - law.correlation_with_growth()});
      const double ks = compare(gradients, law).ks;
      findings.table.push_back({all[i].name, fmt::format("{}", n), cell(gradients.growth.mean()), cell(law.mean()),
                                cell(gradients.growth.variance()), cell(law.variance()),
                                cell(gradients.correlation_with_growth), cell(law.correlation_with_growth()),
                                cell(ks)});
      if (ensemble != nets[i].back()) continue;
      const double error = 0.5 / std::sqrt(static_cast<double>(gradients.growth.count()));
      findings.checks.push_back(is_below(all[i].name + ": KS from the limit at width 400", {ks, error}, kLargestKs));
      if (all[i].name.starts_with("alpha² = 0.5, d/n = 1/2") || all[i].name.starts_with("alpha² = 0.5, orth")) {
        shown.emplace_back(all[i].direction == OutputDirection::kRandom ? "an output" : "an output that is 0",
                           ensemble);
        shown_laws.push_back(law);
      }
    }
    for (const auto& [what, measurements] :
         {std::pair("mean", &mean), std::pair("variance", &variance), std::pair("correlation with G", &correlation)}) {
      findings.checks.push_back(
          is_zero(fmt::format("{}: {} of the growth, simulated less predicted, at infinite width", all[i].name, what),
                  extrapolate(*measurements)));
    }
  }
  findings.pictures.push_back(density_picture(shown, shown_laws));
  const Gradients& gradients = *shown[0].second->gradients;
  findings.summary = fmt::format(
      "width 400, depth 200: variance {} for an output, {} for one that is 0 (limits {:.3f}, {:.3f}); correlation with "
      "G "
      "{} (limit {:.3f})",
      cell(gradients.growth.variance()), cell(shown[1].second->gradients->growth.variance()), shown_laws[0].variance(),
      shown_laws[1].variance(), cell(gradients.correlation_with_growth), shown_laws[0].correlation_with_growth());
  return findings;
}

}  // namespace

Claim gradients_claim(const Setting& setting) {
  Experiments experiments(setting, 9);
  for (const GradientVariant& variant : gradient_variants()) {
    for (const std::size_t width : kWidths) experiments.add_with_gradients(variant.of_width(width), variant.direction);
  }
  return {
      .number = 9,
      .title = "Beyond the paper: gradients are not log-Gaussian, and their law is known",
      .statement =
          "The growth of an output's gradient from the last layer to the first is log-Gaussian if the output is 0, "
          "and else a functional of two correlated Brownian motions, in which the overlap of gradient and "
          "pre-activations feeds back. That law predicts its mean, variance and correlation with the output's "
          "size.",
      .test =
          "H0 for each kind of network: mean and variance of X = ln‖∂f/∂z_0‖² - ln‖∂f/∂z_d‖² and its correlation "
          "with G, extrapolated to infinite width (D + c/n + e/n²), are the law's; rejected at 4.5 standard errors. "
          "At width 400 the Kolmogorov-Smirnov distance must be below 0.02.",
      .formula =
          "e^X = e^E (1 + theta ∫ C e^(Y-E)),  theta ~ chi²_1, or 0 for an output that is 0\n"
          "(E, Y): Brownian motions from the last layer to the first; docs/gradient-law.md",
      .experiments = experiments.take(),
      .examine = examine_gradients};
}

}  // namespace initlaw
