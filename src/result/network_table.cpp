#include "result/network_table.hpp"

#include <fmt/core.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "result/format.hpp"

namespace initlaw {
namespace {

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

/// Those of the simulation, if there is one.
std::vector<std::size_t> lags(const Prediction* prediction, const Ensemble* ensemble) {
  std::vector<std::size_t> found;
  if (ensemble != nullptr) {
    for (const auto& [lag, covariance] : ensemble->interlayer_covariance) found.push_back(lag);
  } else {
    for (const auto& [lag, covariance] : prediction->interlayer_covariance) found.push_back(lag);
  }
  return found;
}

/// Of a list that may lack the lag.
std::string covariance_at(const auto& covariances, std::size_t lag) {
  for (const auto& [other, covariance] : covariances) {
    if (other == lag) return format(covariance);
  }
  return "";
}

/// The cells of a row in the columns of a prediction's laws: of the finite-width law, of the log-Gaussian limit.
std::vector<std::string> law_cells(const Prediction& prediction, const std::string& finite_width,
                                   const std::string& limit) {
  std::vector<std::string> cells;
  for (const auto& [kind, law] : prediction.laws) {
    cells.push_back(kind.key == "finite_width" ? finite_width : kind.key == "log_gaussian" ? limit : "");
  }
  return cells;
}

/// A row of what is simulated and predicted, as far as there is either.
void add_row(Table& table, std::string label, const std::optional<std::string>& simulated,
             const std::vector<std::string>& predicted) {
  std::vector<std::string> row{std::move(label)};
  if (simulated) row.push_back(*simulated);
  row.insert(row.end(), predicted.begin(), predicted.end());
  table.add(std::move(row));
}

std::string share_of_active(const Network& network) {
  const bool has_relus = network.architecture().activation == Activation::kLeakyRelu && std::abs(network.leak()) != 1;
  return has_relus ? "  share of active ReLUs" : "  share of positive neurons";
}

/// Hypoactivation, activity and interlayer covariance.
void add_layer_rows(Table& table, const Prediction* prediction, const Ensemble* ensemble) {
  const auto add = [&](std::string label, const auto& simulated, const auto& finite_width, const auto& limit) {
    add_row(table, std::move(label), ensemble != nullptr ? std::optional(simulated(*ensemble)) : std::nullopt,
            prediction != nullptr ? law_cells(*prediction, finite_width(*prediction), limit(*prediction))
                                  : std::vector<std::string>{});
  };
  const auto no_law = [](const Prediction&) { return std::string(); };
  const std::size_t last = prediction != nullptr ? prediction->hypoactivation.size() - 1 : ensemble->layers.size() - 1;
  const bool profiled = ensemble != nullptr && !ensemble->layers.empty();
  table.add({fmt::format("layer {}", last)});
  add(
      "  hypoactivation n E[S]", [&](const Ensemble& e) { return profiled ? format(e.hypoactivation(last)) : ""; },
      [&](const Prediction& p) { return p.activity.empty() ? "" : format(p.activity[last].hypoactivation); },
      [&](const Prediction& p) { return format(p.hypoactivation[last]); });
  add(
      share_of_active(prediction != nullptr ? prediction->network : ensemble->network),
      [&](const Ensemble& e) { return profiled ? format(e.active_fraction(last)) : ""; },
      [&](const Prediction& p) { return p.activity.empty() ? "" : format(p.activity[last].active_fraction); },
      [&](const Prediction& p) { return format(p.active_fraction[last]); });
  table.add({"interlayer covariance n Cov(S_m, S_l)"});
  constexpr std::size_t kMostLags = 4;
  for (std::size_t shown = 0; const std::size_t lag : lags(prediction, ensemble)) {
    if (lag == 0) continue;
    if (shown++ == kMostLags) break;
    add(
        fmt::format("  lag {}", lag), [&](const Ensemble& e) { return covariance_at(e.interlayer_covariance, lag); },
        no_law, [&](const Prediction& p) { return covariance_at(p.interlayer_covariance, lag); });
  }
}

/// Of gradients, as far as they are simulated or have a law.
void add_gradient_rows(Table& table, OutputDirection direction, const Gradients* gradients,
                       const Prediction* prediction) {
  const GradientLaw* law = prediction != nullptr ? prediction->gradient_law(direction) : nullptr;
  const auto add = [&](std::string label, const auto& simulated, const auto& limit) {
    add_row(table, std::move(label), gradients != nullptr ? std::optional(simulated(*gradients)) : std::nullopt,
            law != nullptr ? law_cells(*prediction, "", limit(*law)) : std::vector<std::string>{});
  };
  const auto none = [](const GradientLaw&) { return std::string(); };
  table.add({fmt::format("gradient of one output f, {} direction", to_string(direction))});
  table.add({"ln||df/dz_0||^2 - ln||df/dz_d||^2"});
  add(
      "  mean", [](const Gradients& g) { return format(g.growth.mean()); },
      [](const GradientLaw& l) { return format(l.mean()); });
  add(
      "  variance", [](const Gradients& g) { return format(g.growth.variance()); },
      [](const GradientLaw& l) { return format(l.variance()); });
  for (const double p : {0.01, 0.5, 0.99}) {
    add(
        fmt::format("  {}% quantile", 100 * p),
        [p](const Gradients& g) { return format(g.growth_histogram.quantile(p)); },
        [p](const GradientLaw& l) { return format(l.quantile(p)); });
  }
  add(
      "  correlation with ln||z_d||^2", [](const Gradients& g) { return format(g.correlation_with_growth); },
      [](const GradientLaw& l) { return format(l.correlation_with_growth()); });
  if (gradients == nullptr) return;
  table.add({"ln||df/dx||^2"});
  add(
      "  mean", [](const Gradients& g) { return format(g.log_input_norm2.mean()); }, none);
  add(
      "  variance", [](const Gradients& g) { return format(g.log_input_norm2.variance()); }, none);
  if (gradients->vanished > 0) {
    add(
        "gradients that vanish", [](const Gradients& g) { return fmt::format("{}", g.vanished); }, none);
  }
}

}  // namespace

Table network_table(const Ensemble* ensemble, const Prediction* prediction) {
  std::vector<Column> columns;
  if (ensemble != nullptr) columns.push_back(column(*ensemble));
  if (prediction != nullptr) {
    for (const auto& [kind, law] : prediction->laws) columns.push_back(column(std::string(kind.title), law));
  }
  Table table = distribution_table(columns);
  add_layer_rows(table, prediction, ensemble);
  for (const OutputDirection direction : {OutputDirection::kRandom, OutputDirection::kOrthogonal}) {
    const bool simulated = ensemble != nullptr && ensemble->gradients && ensemble->options.gradients == direction;
    const Gradients* gradients = simulated ? &*ensemble->gradients : nullptr;
    const GradientLaw* law = prediction != nullptr ? prediction->gradient_law(direction) : nullptr;
    if (gradients != nullptr || (ensemble == nullptr && law != nullptr)) {
      add_gradient_rows(table, direction, gradients, prediction);
    }
  }
  return table;
}

}  // namespace initlaw
