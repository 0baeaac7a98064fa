#include "result/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "result/format.hpp"
#include "result/gradient_report.hpp"
#include "result/table.hpp"

namespace initlaw {
namespace {

std::string format(const Schedule& schedule) {
  return schedule.is_constant() ? fmt::format("{:.4g}", schedule.values()[0]) : "by layer";
}

std::string heading(const Network& network) {
  const std::string width =
      network.widths().is_constant() ? fmt::format("{}", network.width(0)) : std::string("by layer");
  std::string text = fmt::format("Network   {}, width {}, depth {}, alpha {}, lambda {}, {} inputs, {} outputs",
                                 to_string(network.family()), width, network.depth(), format(network.alphas()),
                                 format(network.lambdas()), network.inputs(), network.outputs());
  if (network.leak() != 0) text += fmt::format(", leak {:.4g}", network.leak());
  if (network.flip() != 0) text += fmt::format(", flip {:.4g}", network.flip());
  if (network.branch_depth() != 1) text += fmt::format(", branch depth {}", network.branch_depth());
  return text + "\n";
}

std::string heading(const Network& network, const Input& input) {
  return heading(network) + fmt::format("Input     ||x||^2/n_in = {:.5g}\n", std::exp(input.log_mean_square(network)));
}

std::string samples_line(const Ensemble& ensemble) {
  std::string text =
      fmt::format("Samples   {}, seed {}, {} dead", ensemble.samples, ensemble.options.seed, ensemble.dead);
  if (ensemble.frozen > 0) text += fmt::format(", {} frozen", ensemble.frozen);
  if (ensemble.samples < ensemble.options.samples) {
    text += fmt::format(" (interrupted; {} were asked for)", ensemble.options.samples);
  }
  return text + "\n";
}

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

/// One column of a report: a law's or the simulation's figures in the order of the rows below.
struct Column {
  std::string title;
  std::string mean;
  std::string variance;
  std::function<std::string(double)> quantile;
  std::string second_moment;
  std::string kurtosis;
};

Column column(std::string title, const Law& law) {
  return {.title = std::move(title),
          .mean = format(law.mean()),
          .variance = format(law.variance()),
          .quantile = [law](double p) { return format(law.quantile(p)); },
          .second_moment = format(law.second_moment()),
          .kurtosis = format(law.output().excess_kurtosis())};
}

Column column(const Ensemble& ensemble) {
  return {.title = "simulated",
          .mean = format(ensemble.log_output_norm2.mean()),
          .variance = format(ensemble.log_output_norm2.variance()),
          .quantile =
              [&ensemble](double p) {
                const auto& histogram = ensemble.log_output_norm2_histogram;
                return histogram ? format(histogram->quantile(p)) : "-";
              },
          .second_moment =
              format(ensemble.antithetic ? ensemble.antithetic->second_moment.estimate : ensemble.second_moment.mean()),
          .kurtosis = format(ensemble.output_excess_kurtosis)};
}

std::vector<Column> law_columns(const Prediction& prediction) {
  std::vector<Column> columns{column("log-Gaussian", prediction.log_gaussian), column("Gaussian", prediction.gaussian)};
  if (prediction.exact) columns.push_back(column("exact", *prediction.exact));
  return columns;
}

Table distribution_table(const std::vector<Column>& columns) {
  Table table;
  const auto add = [&](std::string label, const std::function<std::string(const Column&)>& cell) {
    std::vector<std::string> row{std::move(label)};
    for (const Column& column : columns) row.push_back(cell(column));
    table.add(std::move(row));
  };
  add("", [](const Column& c) { return c.title; });
  add("ln||z_out||^2", [](const Column&) { return ""; });
  add("  mean", [](const Column& c) { return c.mean; });
  add("  variance", [](const Column& c) { return c.variance; });
  for (const double p : {0.01, 0.5, 0.99}) {
    add(fmt::format("  {}% quantile", 100 * p), [p](const Column& c) { return c.quantile(p); });
  }
  add("E||z_out||^2/n_out", [](const Column& c) { return c.second_moment; });
  add("one output's excess kurtosis", [](const Column& c) { return c.kurtosis; });
  return table;
}

/// Hypoactivation, activity and interlayer covariance, simulated and predicted, as far as there is either.
void add_layer_rows(Table& table, const Prediction* prediction, const Ensemble* ensemble) {
  const auto add = [&](std::string label, const std::string& simulated, const std::string& predicted) {
    std::vector<std::string> row{std::move(label)};
    if (ensemble != nullptr) row.push_back(simulated);
    if (prediction != nullptr) row.push_back(predicted);
    table.add(std::move(row));
  };
  const auto& layers = ensemble != nullptr ? ensemble->layers : std::vector<LayerProfile>{};
  const std::size_t last = prediction != nullptr ? prediction->hypoactivation.size() - 1 : layers.size() - 1;
  add(fmt::format("layer {}", last), "", "");
  add("  hypoactivation n E[S]", layers.empty() ? "" : format(ensemble->hypoactivation(last)),
      prediction == nullptr ? "" : format(prediction->hypoactivation[last]));
  add("  share of active ReLUs", layers.empty() ? "" : format(ensemble->active_fraction(last)),
      prediction == nullptr ? "" : format(prediction->active_fraction[last]));
  add("interlayer covariance n Cov(S_m, S_l)", "", "");
  for (std::size_t i = 1; i < 5; ++i) {
    const std::size_t count =
        prediction != nullptr ? prediction->interlayer_covariance.size() : ensemble->interlayer_covariance.size();
    if (i >= count) break;
    const std::size_t lag =
        prediction != nullptr ? prediction->interlayer_covariance[i].lag : ensemble->interlayer_covariance[i].lag;
    add(fmt::format("  lag {}", lag), ensemble == nullptr ? "" : format(ensemble->interlayer_covariance[i].covariance),
        prediction == nullptr ? "" : format(prediction->interlayer_covariance[i].covariance));
  }
}

std::string sentence(const char* law, const Fit& fit) {
  const double ks = fit.log_output_norm2.ks;
  switch (fit.verdict) {
    case Verdict::kUndecided:
      return fmt::format("{} cannot be told from the simulated one, nor much else: too few samples (KS {:.2g}).", law,
                         ks);
    case Verdict::kExact:
      return fmt::format("{} is indistinguishable from the simulated one (KS {:.2g}).", law, ks);
    case Verdict::kHolds:
      return fmt::format("{} holds: no probability is off by more than {:.2g}.", law, ks);
    case Verdict::kRough:
      return fmt::format("{} is rough: some probability is off by {:.2g}.", law, ks);
    case Verdict::kFails:
      return fmt::format("{} fails: some probability is off by {:.2g}.", law, ks);
  }
  return "";
}

void add_fit_rows(Table& table, const std::vector<const Fit*>& fits) {
  const auto add = [&](std::string label, const std::function<double(const Fit&)>& cell) {
    std::vector<std::string> row{std::move(label), ""};
    for (const Fit* fit : fits) row.push_back(format(cell(*fit)));
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

/// Why the law of gradients is missing, if it is.
std::string no_gradient_law(const Prediction& prediction) {
  if (!prediction.gradients || prediction.gradient_limit() != nullptr) return {};
  return fmt::format("Gradients have no law in the limit: {}\n", std::get<std::string>(*prediction.gradients));
}

}  // namespace

std::string heading_of(const Ensemble& ensemble) {
  return heading(ensemble.network, ensemble.input) + samples_line(ensemble);
}

std::string to_text(const Prediction& prediction) {
  Table table = distribution_table(law_columns(prediction));
  add_layer_rows(table, &prediction, nullptr);
  if (const GradientLimit* limit = prediction.gradient_limit()) {
    for (const OutputDirection direction : {OutputDirection::kRandom, OutputDirection::kOrthogonal}) {
      add_gradient_rows(table, limit, nullptr, direction);
    }
  }
  return heading(prediction.network, prediction.input) +
         fmt::format("G         mean {}, variance {} in the log-Gaussian limit\n\n",
                     format(prediction.final_growth().mean), format(prediction.final_growth().variance)) +
         table.text() + no_gradient_law(prediction);
}

std::string to_text(const Ensemble& ensemble) {
  Table table = distribution_table({column(ensemble)});
  add_layer_rows(table, nullptr, &ensemble);
  if (ensemble.gradients) add_gradient_rows(table, nullptr, &*ensemble.gradients, *ensemble.options.gradients);
  return heading_of(ensemble) + pairs_line(ensemble) +
         fmt::format("G         mean {}, variance {}\n\n",
                     format(ensemble.antithetic ? ensemble.antithetic->growth_mean.estimate : ensemble.growth.mean()),
                     format(ensemble.growth.variance())) +
         table.text();
}

std::string to_text(const Prediction& prediction, const Ensemble& ensemble, const Comparison& comparison) {
  std::vector<Column> columns{column(ensemble)};
  for (Column& law : law_columns(prediction)) columns.push_back(std::move(law));
  Table table = distribution_table(columns);
  add_layer_rows(table, &prediction, &ensemble);
  if (ensemble.gradients) {
    add_gradient_rows(table, prediction.gradient_limit(), &*ensemble.gradients, *ensemble.options.gradients);
  }
  std::vector<const Fit*> fits{&comparison.log_gaussian, &comparison.gaussian};
  if (comparison.exact) fits.push_back(&*comparison.exact);
  add_fit_rows(table, fits);
  std::string text = heading_of(ensemble) + pairs_line(ensemble) + "\n" + table.text() + "\n" +
                     sentence("The log-Gaussian limit", comparison.log_gaussian) + "\n" +
                     sentence("The Gaussian limit", comparison.gaussian) + "\n";
  if (comparison.exact) text += sentence("The exact law", *comparison.exact) + "\n";
  if (comparison.gradients) {
    text += fmt::format("Gradients are at a distance of {:.2g} (KS) from their limit.\n", comparison.gradients->ks);
  }
  return text + no_gradient_law(prediction);
}

std::string to_text(const TailReport& report) {
  const Tail& tail = report.simulated;
  Table table;
  table.add({fmt::format("P(|one output| > {:.6g})", tail.options.threshold)});
  table.add({"  simulated", format(tail.probability)});
  table.add({"  log-Gaussian limit", format(report.log_gaussian)});
  table.add({"  Gaussian limit", format(report.gaussian)});
  if (report.exact) table.add({"  exact law", format(*report.exact)});
  std::string samples = fmt::format("Samples   {}, seed {}", tail.samples, tail.options.seed);
  if (std::isfinite(tail.variance_reduction)) {
    samples += fmt::format(", as good as plain ones {:.2g} times as many", tail.variance_reduction);
  }
  std::string text = heading(tail.network, tail.input) + samples + "\n\n" + table.text();
  if (!tail.converged()) {
    text += fmt::format(
        "\nThe estimate has not converged, and is likely too small: the largest population makes {:.0f}% of the sum of "
        "squares, at most 10% is enough. More samples may help.\n",
        100 * tail.largest_share);
  }
  return text;
}

std::string to_text(const JointReport& report) {
  const JointEnsemble& e = report.ensemble;
  constexpr std::size_t kMostPairs = 6;
  const std::size_t pairs = std::min(kMostPairs, e.output_covariance.size());
  std::string text = heading(report.network) + fmt::format("Inputs    {}\nSamples   {}, seed {}", e.growth.size(),
                                                           e.samples, report.options.seed);
  if (e.samples < report.options.samples)
    text += fmt::format(" (interrupted; {} were asked for)", report.options.samples);
  Table growth;
  growth.add({"input", "mean of G", "variance of G"});
  for (std::size_t i = 0; i < std::min(kMostPairs, e.growth.size()); ++i) {
    growth.add({fmt::format("{}", i), format(e.growth[i].mean()), format(e.growth[i].variance())});
  }
  text += fmt::format("\n\n{}", growth.text());
  std::vector<std::size_t> layers{0};
  for (std::size_t l = 1; l < report.network.depth(); l *= 4) layers.push_back(l);
  layers.push_back(report.network.depth());
  Table table;
  table.add({"pair", "layer", "cosine of z_l", "infinite width"});
  for (std::size_t j = 1; j < e.growth.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const std::size_t pair = JointEnsemble::pair(i, j);
      if (pair >= pairs) continue;
      const std::vector<double>& limit = report.infinite_width[pair];
      for (const std::size_t l : layers) {
        table.add({l == 0 ? fmt::format("{}, {}", i, j) : "", fmt::format("{}", l), format(e.cosine[l][pair].mean()),
                   limit.empty() ? "-" : format(limit[l])});
      }
      table.add({"", "kernel of outputs", format(e.output_covariance[pair].mean()),
                 limit.empty() ? "-" : format(limit.back())});
    }
  }
  if (pairs > 0) text += fmt::format("\n{}", table.text());
  if (pairs < e.output_covariance.size())
    text += fmt::format("... and {} pairs more: --json has all of them\n", e.output_covariance.size() - pairs);
  return text;
}

}  // namespace initlaw
