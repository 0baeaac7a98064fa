#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "comparison/joint_comparison.hpp"
#include "initlaw/compare.hpp"
#include "initlaw/laws.hpp"
#include "result/json.hpp"
#include "result/json_parts.hpp"
#include "study/cell.hpp"

namespace initlaw {
namespace {

using Json = nlohmann::ordered_json;

/// Two lists, of the values and of their errors.
template <typename Get>
Json profile(std::size_t size, const Get& get) {
  Json values = Json::array(), errors = Json::array();
  for (std::size_t i = 0; i < size; ++i) {
    const Estimate e = get(i);
    values.push_back(number(e.value));
    errors.push_back(number(e.std_error));
  }
  return {{"value", std::move(values)}, {"std_error", std::move(errors)}};
}

Json prediction(const Ensemble& ensemble, const Law& law) {
  const bool comparable = ensemble.log_output_norm2_histogram.has_value();
  return {{"mean", number(law.mean())},
          {"variance", number(law.variance())},
          {"log_second_moment", number(law.log_second_moment())},
          {"ks", comparable ? number(kolmogorov_smirnov(ensemble, law).value) : Json(nullptr)}};
}

}  // namespace

std::string result_of(const Ensemble& e) {
  const std::size_t depth = e.layers.size();
  Json result = {
      {"samples", e.samples},
      {"dead", e.dead},
      {"frozen", e.frozen},
      {"G",
       {{"mean", number(e.antithetic ? e.antithetic->growth_mean.estimate : e.growth.mean())},
        {"variance", number(e.growth.variance())}}},
      {"log_output_norm2",
       {{"mean", number(e.log_output_norm2.mean())}, {"variance", number(e.log_output_norm2.variance())}}},
      {"log_second_moment",
       {{"value", number(e.second_moment.log_mean())}, {"std_error", number(e.second_moment.relative_error())}}},
      {"output_excess_kurtosis", number(e.output_excess_kurtosis)},
      {"hypoactivation", profile(depth, [&](std::size_t l) { return e.hypoactivation(l); })},
      {"active_fraction", profile(depth, [&](std::size_t l) { return e.active_fraction(l); })}};
  if (e.log_output_norm2_histogram) {
    constexpr std::array kProbabilities = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
    const std::vector<double> quantiles = e.log_output_norm2_histogram->quantiles(kProbabilities);
    for (std::size_t i = 0; i < kProbabilities.size(); ++i) {
      result["log_output_norm2"]["quantiles"].push_back({{"p", kProbabilities[i]}, {"value", number(quantiles[i])}});
    }
  }
  Json lags = Json::array();
  for (const LagCovariance& lag : e.interlayer_covariance) lags.push_back(lag.lag);
  result["interlayer_covariance"] =
      profile(lags.size(), [&](std::size_t i) { return e.interlayer_covariance[i].covariance; });
  result["interlayer_covariance"]["lag"] = std::move(lags);
  // A law that the network has not is null, where one that a former version did not know is missing.
  for (const LawKind& kind : law_kinds()) result[kind.key] = nullptr;
  for (const auto& [kind, law] : laws(e.network, e.input)) result[kind.key] = prediction(e, law);
  return result.dump();
}

std::string result_of(const JointEnsemble& ensemble) {
  Json result = to_document(compare(ensemble, predict_angles(ensemble.network, ensemble.options, ensemble.inputs)));
  // Which the cell itself says, or which change with the program.
  for (const char* key : {"initlaw", "network", "complete", "seed"}) result.erase(key);
  return result.dump();
}

}  // namespace initlaw
