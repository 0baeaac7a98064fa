#include <string_view>
#include <utility>

#include "network/field_error.hpp"
#include "network/network_document.hpp"
#include "network/text_document.hpp"
#include "result/format.hpp"
#include "result/json.hpp"
#include "result/json_parts.hpp"
#include "simulation/ensemble_state.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

Json paired(const AntitheticEstimate& antithetic) { return number(antithetic.estimate, antithetic.variance_reduction); }

Json document_of(const Moments& moments, const Histogram& histogram) {
  Json document = initlaw::document_of(moments);
  document["quantiles"] = quantiles([&](double p) { return histogram.quantile(p); });
  return document;
}

Json document_of(const Gradients& gradients, OutputDirection direction) {
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

}  // namespace

Json to_document(const Ensemble& ensemble) {
  Json document = heading_document(ensemble.network, ensemble.input);
  document["samples"] = ensemble.samples;
  document["complete"] = ensemble.samples == ensemble.options.samples;
  document["dead"] = ensemble.dead;
  document["frozen"] = ensemble.frozen;
  document["seed"] = ensemble.options.seed;
  document["method"] = to_string(ensemble.options.method);
  document["estimator"] = to_string(ensemble.options.estimator);
  document["precision"] = to_string(ensemble.options.precision);
  document["G"] = document_of(ensemble.growth);
  document["log_output_norm2"] = document_of(ensemble.log_output_norm2);
  if (const auto& histogram = ensemble.log_output_norm2_histogram) {
    document["log_output_norm2"]["quantiles"] = quantiles([&](double p) { return histogram->quantile(p); });
  }
  document["second_moment"] = number(ensemble.second_moment.mean());
  document["log_second_moment"] = number(ensemble.second_moment.log_mean());
  document["output_excess_kurtosis"] = number(ensemble.output_excess_kurtosis);
  Json layers = Json::array();
  for (const LayerProfile& layer : ensemble.layers) {
    layers.push_back({{"hypoactivation", number(layer.hypoactivation)},
                      {"active_fraction", number(layer.active_fraction)},
                      {"log_norm2_mean", number(layer.log_norm2_mean)},
                      {"log_norm2_variance", number(layer.log_norm2_variance)}});
  }
  document["layers"] = std::move(layers);
  Json covariances = Json::array();
  for (const auto& [lag, covariance] : ensemble.interlayer_covariance) {
    covariances.push_back({{"lag", lag}, {"covariance", number(covariance)}});
  }
  document["interlayer_covariance"] = std::move(covariances);
  if (ensemble.gradients) document["gradients"] = document_of(*ensemble.gradients, *ensemble.options.gradients);
  if (const auto& antithetic = ensemble.antithetic) {
    document["G"]["mean"] = paired(antithetic->growth_mean);
    document["second_moment"] = paired(antithetic->second_moment);
    document.erase("log_second_moment");
    for (std::size_t l = 0; l < ensemble.layers.size(); ++l) {
      document["layers"][l]["hypoactivation"] = paired(antithetic->hypoactivation[l]);
      document["layers"][l]["active_fraction"] = paired(antithetic->active_fraction[l]);
    }
  }
  return document;
}

std::string to_json(const Ensemble& ensemble) {
  Json document = to_document(ensemble);
  document["state"] = state_document(ensemble);
  return to_text(document);
}

Ensemble ensemble_from_json(std::string_view text) {
  const Json document = document_of_json("ensemble", text);
  for (const char* key : {"network", "state"}) {
    if (!document.is_object() || !document.contains(key)) throw FieldError(key, "is missing; an ensemble needs it");
  }
  return ensemble_from_state(network_from_document(document["network"]), document["state"]);
}

}  // namespace initlaw
