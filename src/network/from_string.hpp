#pragma once

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "initlaw/names.hpp"
#include "network/field_error.hpp"

namespace initlaw {

/// The value that has a name. Throws FieldError naming the field, the text and the names that there are.
template <typename Enum>
Enum from_string(const std::string& field, std::string_view text) {
  std::string names;
  for (const auto& [value, name] : kNames<Enum>) {
    if (name == text) return value;
    if (name == to_string(value)) names.append(names.empty() ? "" : ", ").append(name);
  }
  throw FieldError(field, fmt::format("{:?} is not one of {}", text, names));
}

/// The same of a document's value, whatever its type.
template <typename Enum>
Enum from_json(const std::string& field, const nlohmann::ordered_json& value) {
  return from_string<Enum>(field, value.is_string() ? value.get<std::string>() : value.dump());
}

}  // namespace initlaw
