#pragma once

#include <nlohmann/json.hpp>

#include "initlaw/network.hpp"

namespace initlaw {

/// The network with other values of some fields, as they stand in its document. Throws std::invalid_argument naming the
/// field that is wrong.
Network changed(const Network& network, const nlohmann::ordered_json& fields);

}  // namespace initlaw
