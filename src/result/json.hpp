#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "comparison/comparison.hpp"
#include "comparison/joint_comparison.hpp"
#include "comparison/prediction.hpp"
#include "comparison/tail_comparison.hpp"
#include "comparison/tangent_kernel_comparison.hpp"
#include "initlaw/design.hpp"
#include "initlaw/regime.hpp"

namespace initlaw {

// The machine-readable reports; docs/guide.md lists their keys. Numbers that are not finite become null.
nlohmann::ordered_json to_document(const Prediction& prediction);
nlohmann::ordered_json to_document(const Regime& regime);
nlohmann::ordered_json to_document(const Design& design);
nlohmann::ordered_json to_document(const Verification& verification);
nlohmann::ordered_json to_document(const Ensemble& ensemble);
nlohmann::ordered_json to_document(const Comparison& comparison);
nlohmann::ordered_json to_document(const TailComparison& comparison);
nlohmann::ordered_json to_document(const TangentKernelComparison& comparison);
nlohmann::ordered_json to_document(const TangentKernelMatrixComparison& comparison);
nlohmann::ordered_json to_document(const JointPrediction& prediction);
nlohmann::ordered_json to_document(const JointComparison& comparison);

/// A document as the text of a file. What is no UTF-8, perhaps in a file's name, becomes U+FFFD.
std::string to_text(const nlohmann::ordered_json& document);

/// A report as that. An ensemble's has its state besides (initlaw/simulate.hpp).
template <typename Report>
std::string to_json(const Report& report) {
  return to_text(to_document(report));
}

}  // namespace initlaw
