#pragma once

#include <utility>

#include "simulation/archive.hpp"

namespace initlaw {

template <typename Archive>
void serialize(Archive& archive, LayerProfile& layer) {
  archive(make_nvp("hypoactivation", layer.hypoactivation), make_nvp("active_fraction", layer.active_fraction),
          make_nvp("log_norm2_mean", layer.log_norm2_mean), make_nvp("log_norm2_variance", layer.log_norm2_variance));
}

template <typename Archive>
void serialize(Archive& archive, LagCovariance& covariance) {
  archive(make_nvp("lag", covariance.lag), make_nvp("covariance", covariance.covariance));
}

template <typename Archive>
void serialize(Archive& archive, AntitheticEstimate& antithetic) {
  archive(make_nvp("estimate", antithetic.estimate), make_nvp("variance_reduction", antithetic.variance_reduction));
}

template <typename Archive>
void serialize(Archive& archive, AntitheticEstimates& antithetic) {
  archive(make_nvp("growth_mean", antithetic.growth_mean), make_nvp("second_moment", antithetic.second_moment),
          make_nvp("hypoactivation", antithetic.hypoactivation),
          make_nvp("active_fraction", antithetic.active_fraction));
}

template <typename Archive>
void serialize(Archive& archive, LayerGradient& layer) {
  archive(make_nvp("log_norm2_mean", layer.log_norm2_mean), make_nvp("log_norm2_variance", layer.log_norm2_variance),
          make_nvp("log_weight2_mean", layer.log_weight2_mean),
          make_nvp("log_weight2_variance", layer.log_weight2_variance), make_nvp("ntk_share", layer.ntk_share));
}

template <typename Archive>
void serialize(Archive& archive, Gradients& g) {
  archive(make_nvp("vanished", g.vanished), make_nvp("growth", g.growth),
          make_nvp("correlation_with_growth", g.correlation_with_growth),
          make_nvp("log_input_norm2", g.log_input_norm2), make_nvp("log_ntk", g.log_ntk), make_nvp("ntk", g.ntk),
          make_nvp("layers", g.layers), make_nvp("output_ntk_share", g.output_ntk_share),
          make_nvp("growth_histogram", g.growth_histogram),
          make_nvp("log_input_norm2_histogram", g.log_input_norm2_histogram),
          make_nvp("log_ntk_histogram", g.log_ntk_histogram));
}

/// All of an ensemble but for what may be empty, its network and its input.
template <typename Archive, typename AnyEnsemble>
void archive_numbers(Archive& archive, AnyEnsemble& e) {
  archive(make_nvp("options", e.options), make_nvp("samples", e.samples), make_nvp("dead", e.dead),
          make_nvp("frozen", e.frozen), make_nvp("growth", e.growth), make_nvp("log_output_norm2", e.log_output_norm2),
          make_nvp("second_moment", e.second_moment), make_nvp("output_excess_kurtosis", e.output_excess_kurtosis),
          make_nvp("output", e.output), make_nvp("log_output_unit", e.log_output_unit), make_nvp("layers", e.layers),
          make_nvp("interlayer_covariance", e.interlayer_covariance), make_nvp("antithetic", e.antithetic));
}

/// What is to be read into.
template <typename Part>
Part blank() {
  return {};
}
template <>
inline Histogram blank() {
  return {0, 1};
}
template <>
inline Gradients blank() {
  return {.vanished = 0,
          .growth = {},
          .correlation_with_growth = {},
          .log_input_norm2 = {},
          .log_ntk = {},
          .ntk = {},
          .layers = {},
          .output_ntk_share = {},
          .growth_histogram = blank<Histogram>(),
          .log_input_norm2_histogram = blank<Histogram>(),
          .log_ntk_histogram = blank<Histogram>()};
}
inline Ensemble blank_ensemble(Network network, Input input) {
  return {.network = std::move(network),
          .input = std::move(input),
          .options = {},
          .samples = 0,
          .dead = 0,
          .frozen = 0,
          .growth = {},
          .log_output_norm2 = {},
          .second_moment = {},
          .output_excess_kurtosis = {},
          .output = {},
          .log_output_unit = 0,
          .log_output_norm2_histogram = {},
          .log_output_square_histogram = {},
          .layers = {},
          .interlayer_covariance = {},
          .antithetic = {},
          .gradients = {}};
}

}  // namespace initlaw
