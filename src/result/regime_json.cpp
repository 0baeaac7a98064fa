#include <fmt/core.h>

#include <utility>

#include "network/network_document.hpp"
#include "result/json.hpp"
#include "result/json_parts.hpp"
#include "statistics/none.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

Json document_of(const Spread& spread) {
  return {{"variance", number(spread.variance)},
          {"decades", number(spread.decades)},
          {"beyond_ten", number(spread.beyond_ten)},
          {"ks_to_gaussian", number(spread.ks_to_gaussian)}};
}

Json document_of(const PredictedSpread& predicted) {
  Json document = document_of(predicted.spread);
  document["law"] = predicted.law;
  document["accuracy"] = to_string(predicted.accuracy);
  document["law_error"] = number(predicted.law_error.value_or(kNone));
  return document;
}

}  // namespace

Json to_document(const Regime& regime) {
  Json document = {{"depth_over_width", regime.depth_over_width}};
  document.update(document_of(regime.predicted));
  document["at_infinite_width"] = document_of(regime.at_infinite_width);
  document["dead_probability"] = regime.dead_probability;
  for (const auto& [format, overflow, underflow] : regime.risks) {
    document[format.name] = {{"overflow", overflow}, {"underflow", underflow}};
  }
  if (const auto& shares = regime.gradient_beyond_ten) {
    document["gradient_beyond_ten"] = {{"random", shares->random}, {"orthogonal", shares->orthogonal}};
  }
  document["kernel_deviation"] = number(regime.kernel_deviation);
  document["gaussian_process_theory"] = to_string(regime.gaussian_process_theory());
  document["tangent_kernel_theory"] = to_string(regime.tangent_kernel_theory());
  document["changes"] = Json::object();
  for (const auto& [key, name, network, predicted] : regime.changes) {
    Json change = document_of(predicted);
    change["network"] = network_document(network);
    document["changes"][key] = std::move(change);
  }
  return document;
}

}  // namespace initlaw
