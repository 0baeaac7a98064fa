#include <utility>

#include "result/json.hpp"
#include "result/json_parts.hpp"
#include "statistics/none.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

Json document_of(const Target& target) {
  Json document = {{"quantity", to_string(target.quantity())}, {"at_most", target.at_most()}};
  if (target.quantity() == Quantity::kOverflow || target.quantity() == Quantity::kUnderflow) {
    document["limit"] = target.limit();
  }
  if (target.gradient()) document["gradients"] = to_string(*target.gradient());
  return document;
}

Json document_of(const Range& range) { return {{"from", range.from}, {"to", range.to}}; }

Json document_of(const DesignPoint& point, const Design& design) {
  return {{"value", point.value},
          {"quantity", number(point.quantity)},
          {"met", design.meets(point.quantity)},
          {"law", point.law},
          {"accuracy", to_string(point.accuracy)},
          {"law_error", number(point.law_error.value_or(kNone))}};
}

}  // namespace

Json to_document(const Design& design) {
  Json document = heading_document(design.network, design.input);
  document["find"] = to_string(design.parameter);
  document["target"] = document_of(design.target);
  document["searched"] = document_of(design.searched);
  document["met"] = Json::array();
  for (const Range& range : design.met) document["met"].push_back(document_of(range));
  document["found"] = design.found ? document_of(*design.found, design) : Json(nullptr);
  document["points"] = Json::array();
  for (const DesignPoint& point : design.points) document["points"].push_back(document_of(point, design));
  document["at_infinite_width"] = number(design.at_infinite_width);
  return document;
}

Json to_document(const Verification& verification) {
  return {{"samples", verification.samples},
          {"complete", verification.samples >= verification.options.samples},
          {"seed", verification.options.seed},
          {"simulated", number(verification.simulated)},
          {"verdict", to_string(verification.verdict)}};
}

}  // namespace initlaw
