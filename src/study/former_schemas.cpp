#include "study/former_schemas.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/core.h>

#include "study/schema.hpp"

namespace initlaw {
namespace {

/// The cells of schemas 1 and 2, in a table former_cell, as those of this one. Then a cell had the version of the
/// program, of which 0.1.0 gave result version 3. What it kept to go on with is of no use to another result version.
/// Antithetic was called paired.
constexpr const char* kFormerCells = R"(
SELECT
  id, network, input, seed, method, precision,
  CASE estimator WHEN 'paired' THEN 'antithetic' ELSE estimator END,
  CASE version WHEN '0.1.0' THEN 3 ELSE 0 END,
  goal_samples, goal_std_error, target_samples, samples, NULL, result, seconds, finished
FROM former_cell)";

/// Schema 1 had neither checksums nor the table of what is planned.
constexpr const char* kDamagedOfSchema2 = R"(
SELECT id FROM cell WHERE checksum IS NOT initlaw_checksum(
  id, network, input, seed, method, precision, estimator, version, goal_samples, goal_std_error, target_samples,
  samples, tally, result, seconds, finished))";

}  // namespace

std::optional<std::int64_t> damaged_former_cell(SQLite::Database& database, int schema) {
  if (schema != 2) return std::nullopt;
  SQLite::Statement damaged(database, kDamagedOfSchema2);
  return damaged.executeStep() ? std::optional(damaged.getColumn(0).getInt64()) : std::nullopt;
}

void convert_from(SQLite::Database& database, int schema) {
  database.exec("DROP VIEW result; DROP VIEW limits; DROP VIEW progress");
  if (schema >= 3) {
    make_views(database);
    return;
  }
  if (schema == 2) database.exec("ALTER TABLE study RENAME TO former_study");
  database.exec("DROP INDEX cell_identity; DROP INDEX cell_unfinished; ALTER TABLE cell RENAME TO former_cell");
  make_schema(database);
  if (schema == 2) database.exec("INSERT INTO study SELECT * FROM former_study; DROP TABLE former_study");
  database.exec(fmt::format("INSERT INTO cell ({}) {}; DROP TABLE former_cell; UPDATE cell SET checksum = {}", kColumns,
                            kFormerCells, checksum()));
}

}  // namespace initlaw
