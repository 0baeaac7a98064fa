#include "study/schema.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/core.h>

#include "initlaw/compare.hpp"
#include "initlaw/laws.hpp"

namespace initlaw {

std::string tables_schema() {
  return R"(CREATE TABLE cell (
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
)";
}

std::string views_schema() {
  std::string laws;
  for (const LawKind& kind : law_kinds()) {
    for (const char* figure : {"mean", "variance", "ks"}) {
      laws += fmt::format(",\n  json_extract(result, '$.{0}.{1}') AS {0}_{1}", kind.key, figure);
    }
  }
  const auto with_error = [](const std::string& column, const std::string& document, const std::string& path) {
    return fmt::format(
        ",\n  json_extract({1}, '$.{2}.value') AS {0},\n  json_extract({1}, '$.{2}.std_error') AS {0}_error", column,
        document, path);
  };
  // Of the pair's lists by layer the number of this layer.
  const std::string of_layer = "[' || layer.key || ']";
  std::string by_layer;
  for (const std::string column : {"log_tangent_mean", "log_tangent_variance", "cosine"})
    by_layer += with_error(column, "pair.value", column + of_layer);
  for (const std::string column : {"log_tangent_mean", "log_tangent_variance", "cosine"})
    by_layer += fmt::format(",\n  json_extract(pair.value, '$.law.{0}{1}') AS law_{0}", column, of_layer);
  by_layer += fmt::format(",\n  json_extract(pair.value, '$.infinite_width{}') AS infinite_width_cosine", of_layer);
  std::string of_growth;
  for (const std::string input : {"i", "j"}) {
    for (const std::string figure : {"mean", "variance"})
      of_growth += with_error(fmt::format("G_{}_{}", input, figure), "G_" + input, figure);
  }
  of_growth += with_error("G_covariance", "pair.value", "G_covariance");
  of_growth += with_error("G_difference_variance", "pair.value", "G_difference.variance");
  of_growth += with_error("covariance_with_G", "pair.value", "covariance_with_G");
  of_growth +=
      ",\n  json_extract(pair.value, '$.law.G_difference_variance') AS law_G_difference_variance"
      ",\n  json_extract(pair.value, '$.fit.ks') AS law_ks";
  return fmt::format(R"(CREATE VIEW result AS SELECT
  id, family, width, depth, 1.0 * depth / width AS depth_per_width, outputs, alpha, lambda, leak, flip, branch_depth,
  coalesce(json_extract(network, '$.branch'), 'activation-first') AS branch,
  coalesce(json_extract(network, '$.branch_width'), width) AS branch_width,
  coalesce(json_extract(network, '$.norm'), 'none') AS norm,
  coalesce(json_extract(network, '$.activation'), 'leaky-relu') AS activation,
  coalesce(json_extract(network, '$.weights'), 'gaussian') AS weights,
  coalesce(json_extract(network, '$.input_layer'), 'gaussian') AS input_layer,
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
  json_extract(result, '$.active_fraction.value[#-1]') AS last_active_fraction{laws}
FROM cell WHERE finished AND method != '{joint}';

CREATE VIEW angles AS WITH pair AS MATERIALIZED (
  SELECT cell.id AS cell_id, pair.value AS value, json_extract(pair.value, '$.i') AS i,
    json_extract(pair.value, '$.j') AS j,
    json_extract(result, '$.inputs[' || json_extract(pair.value, '$.i') || '].G') AS G_i,
    json_extract(result, '$.inputs[' || json_extract(pair.value, '$.j') || '].G') AS G_j
  FROM cell, json_each(result, '$.pairs') AS pair WHERE finished AND method = '{joint}')
SELECT
  cell.id AS id, family, width, depth, 1.0 * depth / width AS depth_per_width, alpha, lambda, leak, flip, branch_depth,
  seed, result_version, samples, seconds, i, j, layer.value AS layer{by_layer}{of_growth}
FROM pair JOIN cell ON cell.id = cell_id, json_each(result, '$.layers') AS layer;

CREATE VIEW limits AS SELECT
  family, width, depth, alpha, lambda, finite_width_ks, log_gaussian_ks, gaussian_ks,
  coalesce(nullif(ltrim(iif(finite_width_ks < {threshold}, ', finite-width', '')
      || iif(log_gaussian_ks < {threshold}, ', log-Gaussian', '')
      || iif(gaussian_ks < {threshold}, ', Gaussian', ''), ', '), ''),
    iif(finite_width IS NOT NULL, 'none', NULL)) AS holds
FROM result JOIN (SELECT id AS cell_id, json_type(result, '$.finite_width') AS finite_width FROM cell) ON cell_id = id;

CREATE VIEW progress AS SELECT
  family, width, depth, count(*) AS cells, sum(finished) AS finished, sum(samples) AS samples, sum(seconds) AS seconds
FROM cell GROUP BY family, width, depth;
)",
                     fmt::arg("laws", laws), fmt::arg("threshold", kHoldsBelow), fmt::arg("joint", kJointMethod),
                     fmt::arg("by_layer", by_layer), fmt::arg("of_growth", of_growth));
}

void make_schema(SQLite::Database& database) {
  database.exec(tables_schema());
  make_views(database);
}

void make_views(SQLite::Database& database) {
  database.exec(views_schema());
  database.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, kSchemaVersion));
}

std::string checksum() { return fmt::format("initlaw_checksum({})", kColumns); }

}  // namespace initlaw
