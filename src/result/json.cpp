#include "result/json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "initlaw/limit.hpp"
#include "initlaw/version.hpp"
#include "network/network_document.hpp"
#include "result/gradient_report.hpp"
#include "result/json_parts.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

Json antithetic_number(const AntitheticEstimate& antithetic) {
  Json document = number(antithetic.estimate);
  document["variance_reduction"] = number(antithetic.variance_reduction);
  return document;
}

/// What every report begins with: all that its numbers depend on.
Json heading(const Network& network, const Input& input) {
  return {{"initlaw", version()},
          {"network", network_document(network)},
          {"input", {{"log_mean_square", input.log_mean_square(network)}}}};
}

Json document_of(const Law& law) {
  Json document = {
      {"log_output_norm2", {{"mean", law.mean()}, {"variance", law.variance()}, {"quantiles", quantiles([&](double p) {
                                                                                   return law.quantile(p);
                                                                                 })}}},
      {"second_moment", number(law.second_moment())},
      {"log_second_moment", law.log_second_moment()},
      {"output_excess_kurtosis", number(law.output().excess_kurtosis())}};
  return document;
}

Json document_of(const Distance& distance) {
  return {{"ks", number(distance.ks)},
          {"wasserstein1", number(distance.wasserstein1)},
          {"mean_z", number(distance.mean_z)},
          {"variance_ratio", number(distance.variance_ratio)}};
}

Json document_of(const Fit& fit) {
  Json document = document_of(fit.log_output_norm2);
  document["output"] = document_of(fit.output);
  document["verdict"] = to_string(fit.verdict);
  return document;
}

}  // namespace

Comparison compare(const Ensemble& ensemble, const Prediction& prediction) {
  Comparison comparison{.log_gaussian = compare(ensemble, prediction.log_gaussian),
                        .gaussian = compare(ensemble, prediction.gaussian),
                        .exact = {},
                        .gradients = {}};
  if (const GradientLimit* limit = prediction.gradient_limit(); ensemble.gradients && limit != nullptr) {
    comparison.gradients = compare(*ensemble.gradients, law_of(*limit, *ensemble.options.gradients));
  }
  if (prediction.exact) comparison.exact = compare(ensemble, *prediction.exact);
  return comparison;
}

Json to_document(const Prediction& prediction) {
  Json document = heading(prediction.network, prediction.input);
  Json log_gaussian = {
      {"G", {{"mean", prediction.final_growth().mean}, {"variance", prediction.final_growth().variance}}}};
  log_gaussian.update(document_of(prediction.log_gaussian));
  document["log_gaussian"] = std::move(log_gaussian);
  document["gaussian"] = document_of(prediction.gaussian);
  if (prediction.exact) {
    document["exact"] = document_of(*prediction.exact);
    document["exact"]["dead_probability"] = prediction.exact->dead_probability();
  }
  Json layers = Json::array();
  const double log_input = prediction.input.log_mean_square(prediction.network);
  for (std::size_t l = 0; l < prediction.hypoactivation.size(); ++l) {
    const double log_width = std::log(static_cast<double>(prediction.network.width(l)));
    layers.push_back({{"hypoactivation", prediction.hypoactivation[l]},
                      {"active_fraction", prediction.active_fraction[l]},
                      {"log_norm2_mean", log_input + log_width + prediction.growth[l].mean},
                      {"log_norm2_variance", prediction.growth[l].variance}});
  }
  document["layers"] = std::move(layers);
  Json covariances = Json::array();
  for (const auto& [lag, covariance] : prediction.interlayer_covariance) {
    covariances.push_back({{"lag", lag}, {"covariance", covariance}});
  }
  document["interlayer_covariance"] = std::move(covariances);
  if (const GradientLimit* limit = prediction.gradient_limit()) {
    document["gradients"] = to_document(*limit);
  } else if (prediction.gradients) {
    document["gradients"] = {{"no_law", std::get<std::string>(*prediction.gradients)}};
  }
  return document;
}

Json to_document(const Ensemble& ensemble) {
  Json document = heading(ensemble.network, ensemble.input);
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
  if (ensemble.gradients) document["gradients"] = to_document(*ensemble.gradients, *ensemble.options.gradients);
  if (const auto& antithetic = ensemble.antithetic) {
    document["G"]["mean"] = antithetic_number(antithetic->growth_mean);
    document["second_moment"] = antithetic_number(antithetic->second_moment);
    document.erase("log_second_moment");
    for (std::size_t l = 0; l < ensemble.layers.size(); ++l) {
      document["layers"][l]["hypoactivation"] = antithetic_number(antithetic->hypoactivation[l]);
      document["layers"][l]["active_fraction"] = antithetic_number(antithetic->active_fraction[l]);
    }
  }
  return document;
}

Json to_document(const Prediction& prediction, const Ensemble& ensemble, const Comparison& comparison) {
  Json fit = {{"log_gaussian", document_of(comparison.log_gaussian)}, {"gaussian", document_of(comparison.gaussian)}};
  if (comparison.exact) fit["exact"] = document_of(*comparison.exact);
  if (comparison.gradients) fit["gradients"] = document_of(*comparison.gradients);
  return {{"prediction", to_document(prediction)}, {"simulation", to_document(ensemble)}, {"fit", std::move(fit)}};
}

Json to_document(const TailReport& report) {
  const Tail& tail = report.simulated;
  Json document = heading(tail.network, tail.input);
  document["threshold"] = tail.options.threshold;
  document["samples"] = tail.samples;
  document["complete"] = tail.samples >= tail.options.samples;
  document["seed"] = tail.options.seed;
  document["probability"] = antithetic_number(AntitheticEstimate{tail.probability, tail.variance_reduction});
  document["largest_share"] = number(tail.largest_share);
  document["converged"] = tail.converged();
  document["log_gaussian"] = number(report.log_gaussian);
  document["gaussian"] = number(report.gaussian);
  if (report.exact) document["exact"] = number(*report.exact);
  return document;
}

JointReport report_of(const Network& network, const JointOptions& options,
                      const std::vector<std::vector<double>>& inputs, JointEnsemble ensemble) {
  JointReport report{network, options, std::move(ensemble), {}};
  const auto dot = [](const std::vector<double>& x, const std::vector<double>& y) {
    return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
  };
  for (std::size_t j = 1; j < inputs.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const double norms = std::sqrt(dot(inputs[i], inputs[i])) * std::sqrt(dot(inputs[j], inputs[j]));
      auto& rho = report.infinite_width.emplace_back();
      if (norms > 0)
        rho = infinite_width_correlation(network, std::clamp(dot(inputs[i], inputs[j]) / norms, -1.0, 1.0));
    }
  }
  return report;
}

Json to_document(const JointReport& report) {
  const JointEnsemble& e = report.ensemble;
  Json document = {{"initlaw", std::string(version())},
                   {"network", network_document(report.network)},
                   {"samples", e.samples},
                   {"complete", e.samples == report.options.samples},
                   {"seed", report.options.seed}};
  for (const Moments& G : e.growth) document["inputs"].push_back({{"G", document_of(G)}});
  document["pairs"] = Json::array();
  for (std::size_t j = 1; j < e.growth.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const std::size_t pair = JointEnsemble::pair(i, j);
      Json cosine = Json::array();
      for (const auto& layer : e.cosine) cosine.push_back(number(layer[pair].mean()));
      document["pairs"].push_back({{"i", i},
                                   {"j", j},
                                   {"cosine", std::move(cosine)},
                                   {"infinite_width", report.infinite_width[pair]},
                                   {"kernel", number(e.output_covariance[pair].mean())},
                                   {"G_difference", document_of(e.growth_difference[pair])}});
    }
  }
  return document;
}

std::string to_text(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace initlaw
