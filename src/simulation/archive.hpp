#pragma once

#include <cereal/types/array.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <string>
#include <utility>

#include "initlaw/simulate.hpp"
#include "parallel/marked_bytes.hpp"
#include "statistics/statistics_archive.hpp"

namespace initlaw {

template <typename Archive>
void serialize(Archive& archive, Estimate& estimate) {
  archive(make_nvp("value", estimate.value), make_nvp("std_error", estimate.std_error));
}

template <typename Archive>
void serialize(Archive& archive, SimulationOptions& options) {
  archive(make_nvp("samples", options.samples), make_nvp("seed", options.seed), make_nvp("method", options.method),
          make_nvp("precision", options.precision), make_nvp("estimator", options.estimator),
          make_nvp("lags", options.lags), make_nvp("gradients", options.gradients));
}

/// The default input has no components.
template <typename Archive>
void save(Archive& archive, const Network& network, const Input& input) {
  archive(to_json(network), input.size() == 0 ? std::vector<double>() : input.values(network));
}

template <typename Archive>
std::pair<Network, Input> load_network(Archive& archive) {
  std::string network;
  std::vector<double> input;
  archive(network, input);
  return {network_from_json(network), input.empty() ? Input() : Input(std::move(input))};
}

}  // namespace initlaw
