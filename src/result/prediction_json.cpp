#include <cmath>
#include <string>
#include <utility>
#include <variant>

#include "result/json.hpp"
#include "result/json_parts.hpp"
#include "statistics/none.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

Json document_of(const Law& law) {
  return {
      {"log_output_norm2", {{"mean", law.mean()}, {"variance", law.variance()}, {"quantiles", quantiles([&](double p) {
                                                                                   return law.quantile(p);
                                                                                 })}}},
      {"second_moment", number(law.second_moment())},
      {"log_second_moment", law.log_second_moment()},
      {"output_excess_kurtosis", number(law.output().excess_kurtosis())}};
}

Json document_of(const LogNormGrowth& G) { return {{"mean", G.mean}, {"variance", G.variance}}; }

Json document_of(const LogNormCumulants& G) {
  return {{"mean", G.mean}, {"variance", G.variance}, {"third_cumulant", G.third}};
}

Json document_of(const GradientLaw& law) {
  return {{"mean", law.mean()},
          {"variance", law.variance()},
          {"correlation_with_G", law.correlation_with_growth()},
          {"quantiles", quantiles([&](double p) { return law.quantile(p); })}};
}

Json document_of(const GradientLimit& limit) {
  return {{"log_scale", limit.log_scale},
          {"E", {{"mean", limit.gradient_mean}, {"variance", limit.gradient_variance}}},
          {"Y", {{"mean", limit.norm_mean}, {"variance", limit.norm_variance}}},
          {"covariance", limit.covariance},
          {"overlap", limit.overlap},
          {"random", document_of(limit.random)},
          {"orthogonal", document_of(limit.orthogonal)}};
}

Json document_of(const std::vector<GradientNorm>& norms) {
  Json layers = Json::array();
  for (const auto& [layer, mean, variance] : norms) {
    layers.push_back({{"layer", layer}, {"log_norm2_mean", mean}, {"log_norm2_variance", variance}});
  }
  return layers;
}

Json layers_document(const Prediction& prediction) {
  Json layers = Json::array();
  const double log_input = prediction.input.log_mean_square(prediction.network);
  for (std::size_t l = 0; l < prediction.hypoactivation.size(); ++l) {
    const double log_width = std::log(static_cast<double>(prediction.network.width(l)));
    layers.push_back({{"hypoactivation", prediction.hypoactivation[l]},
                      {"active_fraction", prediction.active_fraction[l]},
                      {"log_norm2_mean", log_input + log_width + prediction.growth[l].mean},
                      {"log_norm2_variance", prediction.growth[l].variance}});
    if (prediction.finite_width.empty()) continue;
    const LogNormCumulants& finite_width = prediction.finite_width[l];
    layers.back()["finite_width"] = {
        {"hypoactivation", number(prediction.activity[l].hypoactivation)},
        {"active_fraction", number(prediction.activity[l].active_fraction)},
        {"log_norm2_mean", log_input + log_width + finite_width.mean},
        {"log_norm2_variance", number(finite_width.variance >= 0 ? finite_width.variance : kNone)},
        {"log_norm2_third_cumulant", finite_width.third}};
  }
  return layers;
}

}  // namespace

Json to_document(const Prediction& prediction) {
  Json document = heading_document(prediction.network, prediction.input);
  for (const auto& [kind, law] : prediction.laws) {
    Json& part = document[kind.key];
    // The Gaussian limit knows no G, and a network can die in none but the exact law.
    if (kind.key == "finite_width") part["G"] = document_of(prediction.finite_width.back());
    if (kind.key == "log_gaussian") part["G"] = document_of(prediction.growth.back());
    part.update(document_of(law));
    if (kind.key == "finite_width") part["error"] = number(prediction.finite_width_error.value_or(kNone));
    if (kind.key == "exact") part["dead_probability"] = law.dead_probability();
  }
  document["layers"] = layers_document(prediction);
  Json covariances = Json::array();
  for (const auto& [lag, covariance] : prediction.interlayer_covariance) {
    covariances.push_back({{"lag", lag}, {"covariance", covariance}});
  }
  document["interlayer_covariance"] = std::move(covariances);
  if (const GradientLimit* limit = prediction.gradient_limit()) {
    document["gradients"] = document_of(*limit);
    for (const auto& [direction, norms] : prediction.gradient_norms) {
      document["gradients"][to_string(direction)]["layers"] = document_of(norms);
    }
  } else if (prediction.gradients) {
    document["gradients"] = {{"no_law", std::get<std::string>(*prediction.gradients)}};
  }
  if (prediction.regime) document["regime"] = to_document(*prediction.regime);
  return document;
}

}  // namespace initlaw
