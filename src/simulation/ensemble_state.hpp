#pragma once

#include <nlohmann/json_fwd.hpp>

#include "initlaw/simulate.hpp"

namespace initlaw {

/// All numbers of an ensemble but for its network, as JSON: what to_bytes writes. Numbers that are not finite are
/// texts.
nlohmann::ordered_json state_document(const Ensemble& ensemble);

/// The ensemble of a network that has such a state. Throws FieldError naming the key that is wrong.
Ensemble ensemble_from_state(const Network& network, const nlohmann::ordered_json& state);

}  // namespace initlaw
