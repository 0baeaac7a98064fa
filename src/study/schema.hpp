#pragma once

#include <SQLiteCpp/Database.h>

#include <string>

namespace initlaw {

/// "ilaw", by which a file is known as a study's.
inline constexpr int kApplicationId = 0x696c6177;
/// Raised by every change of the schema, of which a new law is one.
inline constexpr int kSchemaVersion = 6;

/// What the column `method` says of cells of several inputs.
inline constexpr const char* kJointMethod = "joint";

// docs/studies.md describes them.
/// Tables and indices.
std::string tables_schema();
/// Views, with columns for every law.
std::string views_schema();

/// Writes all of them into an empty database.
void make_schema(SQLite::Database& database);
/// Writes the views beside tables of this schema, and says that the file has this schema.
void make_views(SQLite::Database& database);

/// The columns of a cell that are written, and what its checksum is, by a function of Store's, of them.
inline constexpr const char* kColumns =
    "id, network, input, seed, method, precision, estimator, result_version, goal_samples, goal_std_error, "
    "target_samples, samples, sums, result, seconds, finished";
std::string checksum();

}  // namespace initlaw
