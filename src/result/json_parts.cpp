#include "result/json_parts.hpp"

#include <cmath>

#include "initlaw/version.hpp"
#include "network/network_document.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json number(const Estimate& estimate) {
  return {{"value", number(estimate.value)}, {"std_error", number(estimate.std_error)}};
}

Json number(const Estimate& estimate, double variance_reduction) {
  Json document = number(estimate);
  document["variance_reduction"] = number(variance_reduction);
  return document;
}

Json document_of(const Moments& moments) {
  return {{"mean", number(moments.mean())}, {"variance", number(moments.variance())}};
}

Json document_of(const Distance& distance) {
  return {{"ks", number(distance.ks)},
          {"ks_std_error", number(distance.ks_std_error)},
          {"wasserstein1", number(distance.wasserstein1)},
          {"mean_z", number(distance.mean_z)},
          {"variance_ratio", number(distance.variance_ratio)}};
}

Json heading_document(const Network& network, const Input& input) {
  return {{"initlaw", version()},
          {"network", network_document(network)},
          {"input", {{"log_mean_square", input.log_mean_square(network)}}}};
}

}  // namespace initlaw
