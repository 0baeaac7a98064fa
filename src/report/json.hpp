#pragma once

#include <nlohmann/json.hpp>

#include "initlaw/compare.hpp"
#include "initlaw/simulate.hpp"
#include "report/prediction.hpp"

namespace initlaw {

/// An ensemble's distance from each law that exists.
struct Comparison {
  Fit log_gaussian;
  Fit gaussian;
  std::optional<Fit> exact;
};
Comparison compare(const Ensemble& ensemble, const Prediction& prediction);

// The machine-readable reports; docs/guide.md lists their keys. Numbers that are not finite become null.
nlohmann::ordered_json to_document(const Prediction& prediction);
nlohmann::ordered_json to_document(const Ensemble& ensemble);
nlohmann::ordered_json to_document(const Prediction& prediction, const Ensemble& ensemble,
                                   const Comparison& comparison);
nlohmann::ordered_json to_document(const TailReport& report);

}  // namespace initlaw
