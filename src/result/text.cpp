#include "result/text.hpp"

#include <fmt/core.h>

#include <functional>
#include <utility>

#include "result/format.hpp"
#include "result/network_table.hpp"
#include "result/text_parts.hpp"

namespace initlaw {
namespace {

/// What pairs gained, or nothing if there were none.
std::string pairs_line(const Ensemble& ensemble) {
  if (!ensemble.antithetic) return "";
  const AntitheticEstimates& antithetic = *ensemble.antithetic;
  return fmt::format(
      "Pairs     antithetic: as good as plain samples {:.0f} times as many for G's mean, {:.0f} for hypoactivation, "
      "{:.1f} for "
      "E||z_out||^2;\n          other figures are over half of the samples\n",
      antithetic.growth_mean.variance_reduction, antithetic.hypoactivation.back().variance_reduction,
      antithetic.second_moment.variance_reduction);
}

void add_fit_rows(Table& table, const std::vector<Comparison::LawFit>& fits) {
  const auto add = [&](std::string label, const std::function<double(const Fit&)>& cell) {
    std::vector<std::string> row{std::move(label), ""};
    for (const auto& [kind, fit] : fits) row.push_back(format(cell(fit)));
    table.add(std::move(row));
  };
  table.add({"distance of ln||z_out||^2"});
  add("  Kolmogorov-Smirnov", [](const Fit& fit) { return fit.log_output_norm2.ks; });
  add("  Wasserstein-1", [](const Fit& fit) { return fit.log_output_norm2.wasserstein1; });
  add("  z-score of the mean", [](const Fit& fit) { return fit.log_output_norm2.mean_z; });
  add("  ratio of variances", [](const Fit& fit) { return fit.log_output_norm2.variance_ratio; });
  table.add({"distance of one output"});
  add("  Kolmogorov-Smirnov", [](const Fit& fit) { return fit.output.ks; });
  add("  Wasserstein-1", [](const Fit& fit) { return fit.output.wasserstein1; });
  add("  z-score of the mean", [](const Fit& fit) { return fit.output.mean_z; });
  add("  ratio of variances", [](const Fit& fit) { return fit.output.variance_ratio; });
}

std::string growth_lines(const Prediction& prediction) {
  const LogNormGrowth& limit = prediction.growth.back();
  std::string text = fmt::format("G         mean {}, variance {} in the log-Gaussian limit\n", format(limit.mean),
                                 format(limit.variance));
  if (prediction.has_law("finite_width")) {
    const LogNormCumulants& G = prediction.finite_width.back();
    text += fmt::format("          mean {}, variance {}, third cumulant {} at finite width\n", format(G.mean),
                        format(G.variance), format(G.third));
  }
  return text;
}

/// Which of the laws to use, and how far to trust it.
std::string which_law(const Prediction& prediction) {
  const PredictedSpread& best = prediction.regime->predicted;
  if (best.law == "exact") return "The exact law is the network's; the others are shown beside it.\n";
  if (best.law == "gaussian") return "The Gaussian law is exact: the output layer reads a vector of fixed norm.\n";
  if (best.accuracy == LawAccuracy::kFirstOrder) {
    return "Use the log-Gaussian law, which is right to first order in 1/n; of later orders nothing is known here.\n";
  }
  if (best.law_error) {
    return fmt::format(
        "Use the finite-width law. By the next orders in 1/n no probability is off by more than {:.2g}.\n",
        *best.law_error);
  }
  if (!prediction.network.has_standard_architecture()) {
    return "Use none of them: so narrow and deep, some networks freeze (all ReLUs off in one layer, and so ever "
           "after): "
           "simulate it.\n";
  }
  if (!prediction.has_law("finite_width")) {
    return "The network is too narrow for the finite-width law, and the limits say little of it: simulate it.\n";
  }
  const auto& error = prediction.finite_width_error;
  return fmt::format(
      "Use none of them: {}. The network is too narrow, or too deep for its width: simulate it.\n",
      error ? fmt::format("by the next orders in 1/n the finite-width law may be off by {:.2g} or more", *error)
            : "the next order in 1/n leaves no law of finite width");
}

/// Why the law of gradients is missing, if it is.
std::string no_gradient_law(const Prediction& prediction) {
  if (!prediction.gradients || prediction.gradient_limit() != nullptr) return {};
  return fmt::format("Gradients have no law in the limit: {}\n", std::get<std::string>(*prediction.gradients));
}

}  // namespace

std::string to_text(const Prediction& prediction) {
  return heading(prediction.network, prediction.input) + growth_lines(prediction) + "\n" +
         network_table(nullptr, &prediction).text() + which_law(prediction) + no_gradient_law(prediction) + "\n" +
         to_text(*prediction.regime);
}

std::string to_text(const Ensemble& ensemble) {
  return heading(ensemble) + pairs_line(ensemble) +
         fmt::format("G         mean {}, variance {}\n\n",
                     format(ensemble.antithetic ? ensemble.antithetic->growth_mean.estimate : ensemble.growth.mean()),
                     format(ensemble.growth.variance())) +
         network_table(&ensemble, nullptr).text();
}

std::string to_text(const Comparison& comparison) {
  Table table = network_table(&comparison.ensemble(), &comparison.prediction());
  add_fit_rows(table, comparison.fits());
  std::string text = heading(comparison.ensemble()) + pairs_line(comparison.ensemble()) + "\n" + table.text() + "\n";
  for (const auto& [kind, fit] : comparison.fits())
    text += sentence(fmt::format("The {}", kind.name), fit.verdict, fit.log_output_norm2.ks) + "\n";
  if (const auto& gradients = comparison.gradients()) {
    text += fmt::format("Gradients are at a distance of {:.2g} (KS) from their limit.\n", gradients->ks);
  }
  return text + no_gradient_law(comparison.prediction());
}

}  // namespace initlaw
