#include "result/network_table.hpp"

#include <fmt/core.h>

#include <functional>
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
  constexpr std::size_t kMostLags = 4;
  for (std::size_t shown = 0; const std::size_t lag : lags(prediction, ensemble)) {
    if (lag == 0) continue;
    if (shown++ == kMostLags) break;
    add(fmt::format("  lag {}", lag), ensemble == nullptr ? "" : covariance_at(ensemble->interlayer_covariance, lag),
        prediction == nullptr ? "" : covariance_at(prediction->interlayer_covariance, lag));
  }
}

/// Of gradients in columns "simulated" and "limit", as far as there is either.
void add_gradient_rows(Table& table, OutputDirection direction, const Gradients* gradients, const GradientLaw* law) {
  const auto add = [&](std::string label, const auto& simulated, const auto& predicted) {
    std::vector<std::string> row{std::move(label)};
    if (gradients != nullptr) row.push_back(simulated(*gradients));
    if (law != nullptr) row.push_back(predicted(*law));
    table.add(std::move(row));
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
      add_gradient_rows(table, direction, gradients, law);
    }
  }
  return table;
}

}  // namespace initlaw
