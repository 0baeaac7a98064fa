#pragma once

#include <nlohmann/json.hpp>

#include "initlaw/network.hpp"

namespace initlaw {

/// The network with other values of some fields, as they stand in its document. With another branch or activation come
/// the branch_depth and the leak that it has by default. Throws std::invalid_argument naming the
/// field that is wrong.
Network changed(const Network& network, const nlohmann::ordered_json& fields);

}  // namespace initlaw
