#pragma once

#include <string>

namespace initlaw {

/// "ilaw", by which a file is known as a study's.
inline constexpr int kApplicationId = 0x696c6177;
/// Raised by every change of the schema, of which a new law is one.
inline constexpr int kSchemaVersion = 4;

// docs/studies.md describes them.
/// Tables and indices.
std::string tables_schema();
/// Views, with columns for every law.
std::string views_schema();

/// The cells of schemas 1 and 2, in a table former_cell, as those of this one. Then a cell had the version of the
/// program, of which 0.1.0 gave result version 3. What it kept to go on with is of no use to another result version.
/// Antithetic was called paired.
inline constexpr const char* kFormerCells = R"(
SELECT
  id, network, input, seed, method, precision,
  CASE estimator WHEN 'paired' THEN 'antithetic' ELSE estimator END,
  CASE version WHEN '0.1.0' THEN 3 ELSE 0 END,
  goal_samples, goal_std_error, target_samples, samples, NULL, result, seconds, finished
FROM former_cell)";

/// Schema 1 had neither checksums nor the table of what is planned.
inline constexpr const char* kDamagedOfSchema2 = R"(
SELECT id FROM cell WHERE checksum IS NOT initlaw_checksum(
  id, network, input, seed, method, precision, estimator, version, goal_samples, goal_std_error, target_samples,
  samples, tally, result, seconds, finished))";

}  // namespace initlaw
