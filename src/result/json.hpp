#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "comparison/prediction.hpp"
#include "initlaw/compare.hpp"
#include "initlaw/several_inputs.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {

/// An ensemble's distance from each law that exists.
struct Comparison {
  Fit log_gaussian;
  Fit gaussian;
  std::optional<Fit> exact;
  /// Of the growth of gradients from their limit, if both are there.
  std::optional<Distance> gradients;
};
Comparison compare(const Ensemble& ensemble, const Prediction& prediction);

/// What several inputs did, and what infinite width predicts.
struct JointReport {
  Network network;
  JointOptions options;
  JointEnsemble ensemble;
  /// The correlation of each pair at infinite width, by layer; empty if one of the two inputs is 0.
  std::vector<std::vector<double>> infinite_width;
};
JointReport report_of(const Network& network, const JointOptions& options,
                      const std::vector<std::vector<double>>& inputs, JointEnsemble ensemble);

// The machine-readable reports; docs/guide.md lists their keys. Numbers that are not finite become null.
nlohmann::ordered_json to_document(const Prediction& prediction);
nlohmann::ordered_json to_document(const Ensemble& ensemble);
nlohmann::ordered_json to_document(const Prediction& prediction, const Ensemble& ensemble,
                                   const Comparison& comparison);
nlohmann::ordered_json to_document(const TailReport& report);
nlohmann::ordered_json to_document(const JointReport& report);

/// A document as the text of a file. What is no UTF-8, perhaps in a file's name, becomes U+FFFD.
std::string to_text(const nlohmann::ordered_json& document);

}  // namespace initlaw
