#pragma once

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "comparison/prediction.hpp"
#include "initlaw/statistics.hpp"

namespace initlaw {

/// A number, or null if it is not finite.
inline nlohmann::ordered_json number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

inline nlohmann::ordered_json number(const Estimate& estimate) {
  return {{"value", number(estimate.value)}, {"std_error", number(estimate.std_error)}};
}

inline nlohmann::ordered_json document_of(const Moments& moments) {
  return {{"mean", number(moments.mean())}, {"variance", number(moments.variance())}};
}

/// quantile(p) at kReportedProbabilities.
template <typename Quantile>
nlohmann::ordered_json quantiles(const Quantile& quantile) {
  nlohmann::ordered_json document = nlohmann::ordered_json::object();
  for (const double p : kReportedProbabilities) document[fmt::format("{}", p)] = number(quantile(p));
  return document;
}

}  // namespace initlaw
