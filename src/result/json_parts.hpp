#pragma once

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "initlaw/compare.hpp"
#include "initlaw/input.hpp"
#include "initlaw/network.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/statistics.hpp"
#include "initlaw/version.hpp"
#include "network/network_document.hpp"

namespace initlaw {

/// The probabilities of the quantiles that documents give.
inline constexpr double kReportedProbabilities[] = {0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999};

/// A number, or null if it is not finite.
nlohmann::ordered_json number(double value);
nlohmann::ordered_json number(const Estimate& estimate);
/// With the factor by which its variance is smaller.
nlohmann::ordered_json number(const Estimate& estimate, double variance_reduction);

nlohmann::ordered_json document_of(const Moments& moments);
nlohmann::ordered_json document_of(const Distance& distance);

/// What every document about one input begins with: all that its numbers depend on.
nlohmann::ordered_json heading_document(const Network& network, const Input& input);

/// What documents about an ensemble of several inputs begin with.
template <typename AnyEnsemble>
nlohmann::ordered_json joint_heading_document(const AnyEnsemble& ensemble) {
  return {{"initlaw", version()},
          {"network", network_document(ensemble.network)},
          {"samples", ensemble.samples},
          {"complete", ensemble.samples == ensemble.options.samples},
          {"seed", ensemble.options.seed}};
}

/// quantile(p) at kReportedProbabilities.
template <typename Quantile>
nlohmann::ordered_json quantiles(const Quantile& quantile) {
  nlohmann::ordered_json document = nlohmann::ordered_json::object();
  for (const double p : kReportedProbabilities) document[fmt::format("{}", p)] = number(quantile(p));
  return document;
}

}  // namespace initlaw
