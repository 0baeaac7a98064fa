#include <fmt/core.h>

#include <cmath>
#include <iterator>

#include "reproduction/claims/building_blocks.hpp"

namespace initlaw {
namespace {

constexpr std::size_t kWidthsOfHe[] = {32, 64, 128};
constexpr std::size_t kFullyConnectedDepths[] = {2, 5, 10, 20, 50, 100};

/// He's initialization at three widths, and weights smaller than his, where the Gaussian limit decays.
std::vector<Network> fully_connected_networks() {
  std::vector<Network> result;
  for (const std::size_t width : kWidthsOfHe) {
    for (const std::size_t depth : kFullyConnectedDepths) {
      result.push_back(fully_connected({.width = width, .depth = depth, .outputs = 10}));
    }
  }
  for (const std::size_t depth : kFullyConnectedDepths) {
    result.push_back(vanilla({.width = 64, .depth = depth, .alpha = 0, .lambda = 0.95, .outputs = 10}));
  }
  return result;
}

Findings examine_fully_connected(const std::vector<Ensemble>& ensembles, const Theory& theory) {
  Findings findings;
  Picture picture{.name = "fully-connected-depth",
                  .caption =
                      "Fully connected nets with He's initialization: Kolmogorov-Smirnov distance of the simulated "
                      "ln‖z_out‖² from each law, against depth. What is below the dashed line is chance.",
                  .x_label = "depth d",
                  .y_label = "KS distance",
                  .log_x = true,
                  .log_y = true,
                  .series = {}};
  findings.table.push_back({"network", "depth", "KS, Gaussian", "KS, log-Gaussian", "KS, exact law", "dead"});
  Series chance{"2.5/√N", Role::kOther, Series::Style::kLine, {}, 1};
  const auto columns = groups(ensembles, std::size(kFullyConnectedDepths));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Network& first = columns[i].front()->network;
    const bool he = first.lambda(1) == 1;
    const std::string name =
        he ? fmt::format("n = {}", first.width(0)) : fmt::format("n = {}, lambda {}", first.width(0), first.lambda(1));
    std::vector<Point> gaussian, log_gaussian, exact;
    for (const Ensemble* ensemble : columns[i]) {
      const Network& network = ensemble->network;
      const auto d = static_cast<double>(network.depth());
      gaussian.push_back(point(d, ks(*ensemble, theory.gaussian(network, ensemble->input))));
      log_gaussian.push_back(point(d, ks(*ensemble, theory.log_gaussian(network, ensemble->input))));
      const Estimate distance = ks(*ensemble, theory.exact(network, ensemble->input));
      exact.push_back(point(d, distance));
      findings.table.push_back({name, fmt::format("{}", network.depth()), cell(gaussian.back().y),
                                cell(log_gaussian.back().y), cell(distance.value), fmt::format("{}", ensemble->dead)});
      findings.checks.push_back(is_distance_of_samples(fmt::format("{}, depth {}: KS from the exact law", name, d),
                                                       distance.value, ensemble->samples - ensemble->dead));
      if (i == 0) chance.points.push_back({d, 2.5 / std::sqrt(static_cast<double>(ensemble->samples))});
    }
    for (std::size_t k = 1; k < gaussian.size(); ++k) {
      const Estimate more{gaussian[k].y, gaussian[k].error};
      const Estimate less{gaussian[k - 1].y, gaussian[k - 1].error};
      findings.checks.push_back(is_positive(
          fmt::format("{}: KS from the Gaussian limit, depth {} less depth {}", name, gaussian[k].x, gaussian[k - 1].x),
          more - less));
    }
    if (!he) continue;
    const int variant = static_cast<int>(i);
    picture.series.push_back({"Gaussian, " + name, Role::kGaussian, Series::Style::kJoinedPoints, gaussian, variant});
    picture.series.push_back(
        {"log-Gaussian, " + name, Role::kLogGaussian, Series::Style::kJoinedPoints, log_gaussian, variant});
    picture.series.push_back({"exact, " + name, Role::kExact, Series::Style::kJoinedPoints, exact, variant});
    if (i == 1) {
      findings.summary = fmt::format(
          "width 64: KS from the Gaussian limit {:.3f} at depth {}, {:.3f} at depth {}; from "
          "the exact law {:.4f}",
          gaussian.front().y, gaussian.front().x, gaussian.back().y, gaussian.back().x, exact.back().y);
    }
  }
  picture.series.push_back(std::move(chance));
  findings.pictures.push_back(std::move(picture));
  return findings;
}

}  // namespace

Claim fully_connected_claim(const Setting& setting) {
  Experiments experiments(setting, 1);
  for (const Network& network : fully_connected_networks()) experiments.add(network);
  return {.number = 1,
          .title = "In fully connected nets the Gaussian limit gets worse with depth",
          .statement =
              "At fixed width, the law of ln‖z_out‖² of a fully connected ReLU net is the further from that of "
              "the infinite-width limit, the deeper the net. Its exact law, known at every width and depth, "
              "describes it throughout.",
          .test =
              "H0 for each width and each two consecutive depths: the Kolmogorov-Smirnov distance to the Gaussian "
              "limit does not grow; the claim needs it rejected at 4.5 standard errors. H0 for each net: the samples "
              "come from the exact law; the claim needs a distance below 2.5/√N.",
          .formula =
              "Gaussian: ln‖z_out‖² = ln(‖x‖²/n_in) + d ln lambda² + ln chi²_{n_out}\n"
              "exact:    ln‖z_d‖² - ln‖z_0‖² = sum_l ln((2 lambda²/n) C_l),  C_l ~ chi² with "
              "Binomial(n, 1/2) degrees of freedom",
          .experiments = experiments.take(),
          .examine = examine_fully_connected};
}

}  // namespace initlaw
