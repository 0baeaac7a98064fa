#pragma once

#include <nlohmann/json_fwd.hpp>

#include "initlaw/network.hpp"

namespace initlaw {

/// The network as a JSON object, with the keys that network.hpp lists, in its order.
nlohmann::ordered_json network_document(const Network& network);

/// The network that a JSON object describes. Throws FieldError naming the wrong key.
Network network_from_document(const nlohmann::ordered_json& document);

}  // namespace initlaw
