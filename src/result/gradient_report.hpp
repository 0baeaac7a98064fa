#pragma once

#include <nlohmann/json_fwd.hpp>

#include "initlaw/compare.hpp"
#include "initlaw/gradient_limit.hpp"
#include "initlaw/limit.hpp"
#include "result/table.hpp"

namespace initlaw {

/// The limit's law for a direction.
const GradientLaw& law_of(const GradientLimit& limit, OutputDirection direction);

/// "random" or "orthogonal".
std::string_view to_string(OutputDirection direction);

nlohmann::ordered_json to_document(const GradientLimit& limit);
nlohmann::ordered_json to_document(const Gradients& gradients, OutputDirection direction);

/// Adds what is simulated and predicted of gradients, as far as there is either, to columns "simulated" and "limit".
void add_gradient_rows(Table& table, const GradientLimit* limit, const Gradients* gradients, OutputDirection direction);

/// The neural tangent kernel's diagonal, simulated and at infinite width.
struct NtkReport {
  Ensemble ensemble;  ///< with gradients
  TangentKernel infinite_width;
};
NtkReport ntk_report(Ensemble ensemble);
nlohmann::ordered_json to_document(const NtkReport& report);
std::string to_text(const NtkReport& report);

}  // namespace initlaw
