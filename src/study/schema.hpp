#pragma once

namespace initlaw {

/// "ilaw", by which a file is known as a study's.
inline constexpr int kApplicationId = 0x696c6177;
/// Raised by every change of the schema.
inline constexpr int kSchemaVersion = 3;

/// docs/studies.md describes tables, columns and views.
inline constexpr const char* kSchema = R"(
CREATE TABLE cell (
  id INTEGER PRIMARY KEY,
  network TEXT NOT NULL,
  input TEXT,
  seed INTEGER NOT NULL,
  method TEXT NOT NULL,
  precision TEXT NOT NULL,
  estimator TEXT NOT NULL,
  result_version INTEGER NOT NULL,
  goal_samples INTEGER NOT NULL,
  goal_std_error REAL,
  target_samples INTEGER NOT NULL,
  samples INTEGER NOT NULL DEFAULT 0,
  sums BLOB,
  result TEXT,
  seconds REAL NOT NULL DEFAULT 0,
  finished INTEGER NOT NULL DEFAULT 0,
  checksum INTEGER NOT NULL DEFAULT 0,
  family TEXT AS (json_extract(network, '$.family')) VIRTUAL,
  width INTEGER AS (json_extract(network, '$.width')) VIRTUAL,
  depth INTEGER AS (json_extract(network, '$.depth')) VIRTUAL,
  outputs INTEGER AS (json_extract(network, '$.outputs')) VIRTUAL,
  alpha REAL AS (json_extract(network, '$.alpha')) VIRTUAL,
  lambda REAL AS (json_extract(network, '$.lambda')) VIRTUAL,
  leak REAL AS (json_extract(network, '$.leak')) VIRTUAL,
  flip REAL AS (json_extract(network, '$.flip')) VIRTUAL,
  branch_depth INTEGER AS (json_extract(network, '$.branch_depth')) VIRTUAL
);
CREATE TABLE study (
  id INTEGER PRIMARY KEY,
  cells INTEGER NOT NULL,
  checksum INTEGER NOT NULL
);
CREATE UNIQUE INDEX cell_identity
  ON cell (network, coalesce(input, ''), seed, method, precision, estimator, result_version);
CREATE INDEX cell_unfinished ON cell (id) WHERE NOT finished;

CREATE VIEW result AS SELECT
  id, family, width, depth, 1.0 * depth / width AS depth_per_width, outputs, alpha, lambda, leak, flip, branch_depth,
  seed, method, precision, estimator, result_version, samples, seconds,
  json_extract(result, '$.dead') AS dead,
  json_extract(result, '$.G.mean.value') AS G_mean,
  json_extract(result, '$.G.mean.std_error') AS G_mean_error,
  json_extract(result, '$.G.variance.value') AS G_variance,
  json_extract(result, '$.G.variance.std_error') AS G_variance_error,
  json_extract(result, '$.log_output_norm2.mean.value') AS log_output_norm2_mean,
  json_extract(result, '$.log_output_norm2.mean.std_error') AS log_output_norm2_mean_error,
  json_extract(result, '$.log_output_norm2.variance.value') AS log_output_norm2_variance,
  json_extract(result, '$.log_output_norm2.variance.std_error') AS log_output_norm2_variance_error,
  json_extract(result, '$.log_second_moment.value') AS log_second_moment,
  json_extract(result, '$.hypoactivation.value[#-1]') AS last_hypoactivation,
  json_extract(result, '$.hypoactivation.std_error[#-1]') AS last_hypoactivation_error,
  json_extract(result, '$.active_fraction.value[#-1]') AS last_active_fraction,
  json_extract(result, '$.log_gaussian.mean') AS log_gaussian_mean,
  json_extract(result, '$.log_gaussian.variance') AS log_gaussian_variance,
  json_extract(result, '$.log_gaussian.ks') AS log_gaussian_ks,
  json_extract(result, '$.gaussian.mean') AS gaussian_mean,
  json_extract(result, '$.gaussian.variance') AS gaussian_variance,
  json_extract(result, '$.gaussian.ks') AS gaussian_ks
FROM cell WHERE finished;

CREATE VIEW limits AS SELECT
  family, width, depth, alpha, lambda, log_gaussian_ks, gaussian_ks,
  CASE WHEN log_gaussian_ks <= 0.05 AND gaussian_ks <= 0.05 THEN 'both'
       WHEN log_gaussian_ks <= 0.05 THEN 'log-Gaussian'
       WHEN gaussian_ks <= 0.05 THEN 'Gaussian' ELSE 'none' END AS holds
FROM result;

CREATE VIEW progress AS SELECT
  family, width, depth, count(*) AS cells, sum(finished) AS finished, sum(samples) AS samples, sum(seconds) AS seconds
FROM cell GROUP BY family, width, depth;
)";

/// The cells of schemas 1 and 2, in a table former_cell, as those of this one. Then a cell had the version of the
/// program, and 0.1.0 gave the results of version 3; its sums were a tally, of the same content; antithetic was called
/// paired.
inline constexpr const char* kFormerCells = R"(
SELECT
  id, network, input, seed, method, precision,
  CASE estimator WHEN 'paired' THEN 'antithetic' ELSE estimator END,
  CASE version WHEN '0.1.0' THEN 3 ELSE 0 END,
  goal_samples, goal_std_error, target_samples, samples,
  CASE WHEN substr(tally, 1, 16) = CAST('initlaw tally 2' || char(10) AS BLOB)
       THEN CAST('initlaw sums 3' || char(10) || substr(tally, 17) AS BLOB) ELSE tally END,
  result, seconds, finished
FROM former_cell)";

/// Schema 1 had neither checksums nor the table of what is planned.
inline constexpr const char* kDamagedOfSchema2 = R"(
SELECT id FROM cell WHERE checksum IS NOT initlaw_checksum(
  id, network, input, seed, method, precision, estimator, version, goal_samples, goal_std_error, target_samples,
  samples, tally, result, seconds, finished))";

}  // namespace initlaw
