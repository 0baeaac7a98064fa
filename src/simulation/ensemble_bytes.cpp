#include "simulation/ensemble_archive.hpp"

namespace initlaw {
namespace {

constexpr std::string_view kKind = "ensemble";

template <typename Part>
void write(cereal::PortableBinaryOutputArchive& archive, const std::optional<Part>& part) {
  archive(part.has_value());
  if (part) archive(*part);
}

template <typename Part>
void read(cereal::PortableBinaryInputArchive& archive, std::optional<Part>& part) {
  bool has_value = false;
  archive(has_value);
  if (has_value) archive(part.emplace(blank<Part>()));
}

}  // namespace

std::string to_bytes(const Ensemble& ensemble) {
  return to_marked_bytes(kKind, [&](auto& archive) {
    save(archive, ensemble.network, ensemble.input);
    archive_numbers(archive, ensemble);
    write(archive, ensemble.log_output_norm2_histogram);
    write(archive, ensemble.log_output_square_histogram);
    write(archive, ensemble.gradients);
  });
}

Ensemble ensemble_from_bytes(std::string_view bytes) {
  return from_marked_bytes(kKind, bytes, [](auto& archive) {
    auto [network, input] = load_network(archive);
    Ensemble ensemble = blank_ensemble(std::move(network), std::move(input));
    archive_numbers(archive, ensemble);
    read(archive, ensemble.log_output_norm2_histogram);
    read(archive, ensemble.log_output_square_histogram);
    read(archive, ensemble.gradients);
    return ensemble;
  });
}

}  // namespace initlaw
