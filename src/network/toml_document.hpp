#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace initlaw {

/// A TOML document as JSON; dates become strings. Throws std::invalid_argument naming the line if it is not TOML.
nlohmann::ordered_json document_of_toml(std::string_view text);

}  // namespace initlaw
