#include "result/gradient_report.hpp"

#include <fmt/core.h>

#include <cmath>

#include "result/format.hpp"
#include "result/json.hpp"
#include "result/json_parts.hpp"
#include "result/text.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

Json document_of(const GradientLaw& law) {
  return {{"mean", law.mean()},
          {"variance", law.variance()},
          {"correlation_with_G", law.correlation_with_growth()},
          {"quantiles", quantiles([&](double p) { return law.quantile(p); })}};
}

Json document_of(const Moments& moments, const Histogram& histogram) {
  Json document = initlaw::document_of(moments);
  document["quantiles"] = quantiles([&](double p) { return histogram.quantile(p); });
  return document;
}

}  // namespace

const GradientLaw& law_of(const GradientLimit& limit, OutputDirection direction) {
  return direction == OutputDirection::kRandom ? limit.random : limit.orthogonal;
}

Json to_document(const GradientLimit& limit) {
  return {{"log_scale", limit.log_scale},
          {"E", {{"mean", limit.gradient_mean}, {"variance", limit.gradient_variance}}},
          {"Y", {{"mean", limit.norm_mean}, {"variance", limit.norm_variance}}},
          {"covariance", limit.covariance},
          {"overlap", limit.overlap},
          {"random", document_of(limit.random)},
          {"orthogonal", document_of(limit.orthogonal)}};
}

Json to_document(const Gradients& gradients, OutputDirection direction) {
  Json document = {{"direction", to_string(direction)}, {"vanished", gradients.vanished}};
  document["log_growth"] = document_of(gradients.growth, gradients.growth_histogram);
  document["correlation_with_G"] = number(gradients.correlation_with_growth);
  document["log_input_norm2"] = document_of(gradients.log_input_norm2, gradients.log_input_norm2_histogram);
  document["log_ntk"] = document_of(gradients.log_ntk, gradients.log_ntk_histogram);
  document["ntk"] = number(gradients.ntk.mean());
  document["layers"] = Json::array();
  for (const LayerGradient& layer : gradients.layers) {
    document["layers"].push_back({{"log_norm2_mean", number(layer.log_norm2_mean)},
                                  {"log_norm2_variance", number(layer.log_norm2_variance)},
                                  {"log_weight2_mean", number(layer.log_weight2_mean)},
                                  {"log_weight2_variance", number(layer.log_weight2_variance)},
                                  {"ntk_share", number(layer.ntk_share)}});
  }
  document["output_ntk_share"] = number(gradients.output_ntk_share);
  return document;
}

void add_gradient_rows(Table& table, const GradientLimit* limit, const Gradients* gradients,
                       OutputDirection direction) {
  const GradientLaw* law = limit != nullptr ? &law_of(*limit, direction) : nullptr;
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

NtkReport ntk_report(Ensemble ensemble) {
  TangentKernel infinite_width = infinite_width_tangent_kernel(ensemble.network, ensemble.input);
  return {std::move(ensemble), std::move(infinite_width)};
}

Json to_document(const NtkReport& report) {
  Json document = to_document(report.ensemble);
  document["infinite_width"] = {{"log_ntk", report.infinite_width.log_diagonal},
                                {"ntk_share", report.infinite_width.share}};
  return document;
}

std::string to_text(const NtkReport& report) {
  const Ensemble& ensemble = report.ensemble;
  std::string text = heading_of(ensemble);
  if (!ensemble.gradients) return text + "\nNo network has a gradient.\n";
  const Gradients& gradients = *ensemble.gradients;
  Table table;
  table.add({"", "simulated", "infinite width"});
  table.add({"Theta, the kernel's diagonal"});
  table.add({"  mean", format(gradients.ntk.mean()), format(std::exp(report.infinite_width.log_diagonal))});
  table.add({"ln Theta"});
  table.add({"  mean", format(gradients.log_ntk.mean()), format(report.infinite_width.log_diagonal)});
  table.add({"  variance", format(gradients.log_ntk.variance()), "0"});
  for (const double p : {0.01, 0.5, 0.99}) {
    table.add({fmt::format("  {}% quantile", 100 * p), format(gradients.log_ntk_histogram.quantile(p)),
               format(report.infinite_width.log_diagonal)});
  }
  const std::size_t depth = ensemble.network.depth();
  table.add({"share of Theta"});
  const auto add_share = [&](std::string label, const Estimate& share, std::size_t l) {
    table.add({std::move(label), format(share), format(report.infinite_width.share[l])});
  };
  add_share("  W_0", gradients.layers[0].ntk_share, 0);
  for (std::size_t l = 1; l < depth; l *= 2) {
    add_share(fmt::format("  layer {}", l), gradients.layers[l].ntk_share, l);
  }
  add_share(fmt::format("  layer {}", depth), gradients.layers[depth].ntk_share, depth);
  add_share("  W_out", gradients.output_ntk_share, depth + 1);
  return text + "\n" + table.text();
}

}  // namespace initlaw
