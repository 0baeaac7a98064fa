#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace initlaw {

// A network or a study has three levels. The libraries follow values by recursion, and deep ones exhaust the stack.
inline constexpr std::size_t kDeepest = 16;
inline constexpr const char* kTooDeep = "is nested more than 16 levels deep";

/// A TOML document as JSON; dates become strings. Throws std::invalid_argument naming the line if it is not TOML.
nlohmann::ordered_json document_of_toml(std::string_view text);

/// The text of a `kind` of thing in JSON. Throws std::invalid_argument if it is not JSON, or nested too deeply, and
/// FieldError if a key of the outermost object is given twice.
nlohmann::ordered_json document_of_json(std::string_view kind, std::string_view text);

}  // namespace initlaw
