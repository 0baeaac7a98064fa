#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/array.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <sstream>
#include <stdexcept>

#include "initlaw/simulate.hpp"
#include "initlaw/version.hpp"

namespace initlaw {

template <typename Archive>
void serialize(Archive& archive, Estimate& estimate) {
  archive(estimate.value, estimate.std_error);
}

template <typename Archive>
void serialize(Archive& archive, Plan& plan) {
  archive(plan.samples, plan.seed, plan.method, plan.precision, plan.estimator, plan.lags);
}

template <typename Archive>
void serialize(Archive& archive, LayerProfile& layer) {
  archive(layer.hypoactivation, layer.active_fraction, layer.log_norm2_mean, layer.log_norm2_variance);
}

template <typename Archive>
void serialize(Archive& archive, LagCovariance& covariance) {
  archive(covariance.lag, covariance.covariance);
}

template <typename Archive>
void serialize(Archive& archive, PairedEstimate& paired) {
  archive(paired.estimate, paired.variance_reduction);
}

template <typename Archive>
void serialize(Archive& archive, PairedEstimates& paired) {
  archive(paired.G_mean, paired.second_moment, paired.hypoactivation, paired.active_fraction);
}

namespace {

/// Bytes of another layout have another mark.
constexpr std::string_view kMark = "initlaw ensemble 2\n";

/// Tells damaged bytes, as 8 hexadecimal digits.
std::string checksum(std::string_view bytes) {
  const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
  return fmt::format("{:08x}", crc32_z(0, data, bytes.size()));
}

template <typename Archive, typename AnyEnsemble>
void archive_numbers(Archive& archive, AnyEnsemble& e) {
  archive(e.plan, e.samples, e.dead, e.frozen, e.G, e.log_output_norm2, e.second_moment, e.output_excess_kurtosis,
          e.output, e.log_output_unit, e.layers, e.interlayer_covariance, e.paired);
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
  std::ostringstream bytes;
  {
    cereal::PortableBinaryOutputArchive archive(bytes);
    const bool is_default = ensemble.input.size() == 0;
    archive(to_json(ensemble.network), is_default ? std::vector<double>() : ensemble.input.values(ensemble.network));
    archive_numbers(archive, ensemble);
    write(archive, ensemble.log_output_norm2_histogram);
    write(archive, ensemble.log_output_square_histogram);
  }
  const std::string content = std::move(bytes).str();
  return std::string(kMark) + checksum(content) + content;
}

Ensemble ensemble_from_bytes(std::string_view bytes) {
  if (!bytes.starts_with(kMark)) throw std::invalid_argument("bytes: are no ensemble's, or another version's");
  const std::string_view content = bytes.substr(std::min(kMark.size() + 8, bytes.size()));
  if (bytes.substr(kMark.size(), 8) != checksum(content)) throw std::invalid_argument("bytes: are damaged");
  std::istringstream stream{std::string(content)};
  cereal::PortableBinaryInputArchive archive(stream);
  std::string network;
  std::vector<double> input;
  archive(network, input);
  Ensemble ensemble{.network = network_from_json(network),
                    .input = input.empty() ? Input() : Input(std::move(input)),
                    .plan = {},
                    .samples = 0,
                    .dead = 0,
                    .frozen = 0,
                    .G = {},
                    .log_output_norm2 = {},
                    .second_moment = {},
                    .output_excess_kurtosis = {},
                    .output = {},
                    .log_output_unit = 0,
                    .log_output_norm2_histogram = {},
                    .log_output_square_histogram = {},
                    .layers = {},
                    .interlayer_covariance = {},
                    .paired = {}};
  archive_numbers(archive, ensemble);
  read(archive, ensemble.log_output_norm2_histogram);
  read(archive, ensemble.log_output_square_histogram);
  return ensemble;
}

}  // namespace initlaw
