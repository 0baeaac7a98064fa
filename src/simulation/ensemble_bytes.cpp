#include "simulation/archive.hpp"

namespace initlaw {

template <typename Archive>
void serialize(Archive& archive, LayerProfile& layer) {
  archive(layer.hypoactivation, layer.active_fraction, layer.log_norm2_mean, layer.log_norm2_variance);
}

template <typename Archive>
void serialize(Archive& archive, LagCovariance& covariance) {
  archive(covariance.lag, covariance.covariance);
}

template <typename Archive>
void serialize(Archive& archive, AntitheticEstimate& antithetic) {
  archive(antithetic.estimate, antithetic.variance_reduction);
}

template <typename Archive>
void serialize(Archive& archive, AntitheticEstimates& antithetic) {
  archive(antithetic.growth_mean, antithetic.second_moment, antithetic.hypoactivation, antithetic.active_fraction);
}

template <typename Archive>
void serialize(Archive& archive, LayerGradient& layer) {
  archive(layer.log_norm2_mean, layer.log_norm2_variance, layer.log_weight2_mean, layer.log_weight2_variance,
          layer.ntk_share);
}

namespace {

constexpr std::string_view kKind = "ensemble";

template <typename Archive, typename AnyEnsemble>
void archive_numbers(Archive& archive, AnyEnsemble& e) {
  archive(e.options, e.samples, e.dead, e.frozen, e.growth, e.log_output_norm2, e.second_moment,
          e.output_excess_kurtosis, e.output, e.log_output_unit, e.layers, e.interlayer_covariance, e.antithetic);
}

template <typename Archive, typename AnyGradients>
void archive_gradients(Archive& archive, AnyGradients& g) {
  archive(g.vanished, g.growth, g.correlation_with_growth, g.log_input_norm2, g.log_ntk, g.ntk, g.layers,
          g.output_ntk_share, g.growth_histogram, g.log_input_norm2_histogram, g.log_ntk_histogram);
}

void write(cereal::PortableBinaryOutputArchive& archive, const std::optional<Histogram>& histogram) {
  archive(histogram.has_value());
  if (histogram) archive(*histogram);
}

void read(cereal::PortableBinaryInputArchive& archive, std::optional<Histogram>& histogram) {
  bool has_value = false;
  archive(has_value);
  if (has_value) archive(histogram.emplace(0, 1));
}

}  // namespace

std::string to_bytes(const Ensemble& ensemble) {
  return to_marked_bytes(kKind, [&](auto& archive) {
    save(archive, ensemble.network, ensemble.input);
    archive_numbers(archive, ensemble);
    write(archive, ensemble.log_output_norm2_histogram);
    write(archive, ensemble.log_output_square_histogram);
    archive(ensemble.gradients.has_value());
    if (ensemble.gradients) archive_gradients(archive, *ensemble.gradients);
  });
}

Ensemble ensemble_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kKind, bytes, [](auto& archive) {
    auto [network, input] = load_network(archive);
    Ensemble ensemble{.network = std::move(network),
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
    archive_numbers(archive, ensemble);
    read(archive, ensemble.log_output_norm2_histogram);
    read(archive, ensemble.log_output_square_histogram);
    bool has_gradients = false;
    archive(has_gradients);
    if (has_gradients) {
      const Histogram empty(0, 1);
      ensemble.gradients = Gradients{.vanished = 0,
                                     .growth = {},
                                     .correlation_with_growth = {},
                                     .log_input_norm2 = {},
                                     .log_ntk = {},
                                     .ntk = {},
                                     .layers = {},
                                     .output_ntk_share = {},
                                     .growth_histogram = empty,
                                     .log_input_norm2_histogram = empty,
                                     .log_ntk_histogram = empty};
      archive_gradients(archive, *ensemble.gradients);
    }
    return ensemble;
  });
}

}  // namespace initlaw
