#include <cmath>

#include "initlaw/version.hpp"
#include "network/network_document.hpp"
#include "result/json.hpp"
#include "result/json_parts.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

/// number(value(element)) of each element.
template <typename Elements, typename Value>
Json list(const Elements& elements, const Value& value) {
  Json document = Json::array();
  for (const auto& element : elements) document.push_back(number(value(element)));
  return document;
}

Json law_document(const AnglePrediction& pair) {
  if (!pair.law) return {{"no_law", pair.no_law}};
  using Layer = AnglePrediction::Layer;
  Json document = {
      {"log_tangent_mean", list(pair.layers, [](const Layer& layer) { return layer.log_tangent.mean; })},
      {"log_tangent_variance", list(pair.layers, [](const Layer& layer) { return layer.log_tangent.variance; })},
      {"covariance_with_G",
       list(pair.layers, [](const Layer& layer) { return layer.log_tangent.covariance_with_growth; })},
      {"cosine", list(pair.layers, [](const Layer& layer) { return layer.mean_cosine; })},
      {"angle",
       {{"0.01", list(pair.layers, [](const Layer& layer) { return layer.low; })},
        {"0.5", list(pair.layers, [](const Layer& layer) { return layer.median; })},
        {"0.99", list(pair.layers, [](const Layer& layer) { return layer.high; })}}},
      {"collapse_depth", nullptr}};
  if (pair.collapse_depth) document["collapse_depth"] = *pair.collapse_depth;
  return document;
}

/// What predictions say of a pair.
void add_prediction(Json& document, const AnglePrediction& pair) {
  document["infinite_width"] = pair.infinite_width;
  document["law"] = law_document(pair);
  if (pair.growth_difference_variance) {
    document["law"]["G_difference_variance"] = number(*pair.growth_difference_variance);
  }
}

void add_layers(Json& document, const JointPrediction& prediction) {
  document["layers"] = prediction.layers;
  document["collapse_angle"] = number(prediction.collapse_angle);
}

}  // namespace

Json to_document(const JointPrediction& prediction) {
  Json document = {{"initlaw", version()}, {"network", network_document(prediction.network)}};
  add_layers(document, prediction);
  document["pairs"] = Json::array();
  for (const AnglePrediction& pair : prediction.pairs) {
    Json entry = {{"i", pair.pair.first}, {"j", pair.pair.second}};
    add_prediction(entry, pair);
    document["pairs"].push_back(std::move(entry));
  }
  return document;
}

Json to_document(const JointComparison& comparison) {
  const JointEnsemble& e = comparison.ensemble;
  Json document = joint_heading_document(e);
  add_layers(document, comparison.prediction);
  for (const Moments& G : e.growth) document["inputs"].push_back({{"G", document_of(G)}});
  document["pairs"] = Json::array();
  for (std::size_t pair = 0; pair < e.options.pairs.size(); ++pair) {
    Json entry = {
        {"i", e.options.pairs[pair].first},
        {"j", e.options.pairs[pair].second},
        {"cosine", list(e.cosine, [&](const auto& layer) { return layer[pair].mean(); })},
        {"log_tangent_mean", list(e.log_tangent, [&](const auto& layer) { return layer[pair].mean(); })},
        {"log_tangent_variance", list(e.log_tangent, [&](const auto& layer) { return layer[pair].variance(); })},
        {"collapsed", e.cosine.back()[pair].count() - e.log_tangent.back()[pair].count()},
        {"angle", nullptr},
        {"kernel", number(e.output_covariance[pair].mean())},
        {"G_difference", document_of(e.growth_difference[pair])},
        {"G_covariance", number(e.growths[pair].covariance())},
        {"covariance_with_G", number(e.angle_and_growth[pair].covariance())}};
    const Histogram& last = e.last_log_tangent[pair];
    if (last.count() > 0) {
      entry["angle"] = quantiles([&](double p) {
        const auto [value, error] = last.quantile(p);
        const double angle = 2 * std::atan(std::exp(value));
        return Estimate{angle, std::sin(angle) * error};
      });
    }
    add_prediction(entry, comparison.prediction.pairs[pair]);
    if (const auto& fit = comparison.fits[pair]) {
      entry["fit"] = document_of(fit->distance);
      entry["fit"]["verdict"] = to_string(fit->verdict);
    }
    document["pairs"].push_back(std::move(entry));
  }
  return document;
}

}  // namespace initlaw
