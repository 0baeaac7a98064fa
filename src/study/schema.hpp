#pragma once

#include <string>

namespace initlaw {

/// "ilaw", by which a file is known as a study's.
inline constexpr int kApplicationId = 0x696c6177;
/// Raised by every change of the schema, of which a new law is one.
inline constexpr int kSchemaVersion = 3;

// docs/studies.md describes them.
/// Tables and indices.
std::string tables_schema();
/// Views, with columns for every law.
std::string views_schema();

}  // namespace initlaw
