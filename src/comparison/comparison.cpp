#include "comparison/comparison.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "network/network_document.hpp"

namespace initlaw {
namespace {

void require_same(const std::string& field, bool same) {
  if (!same) {
    throw std::invalid_argument(
        fmt::format("prediction: its {} is not the ensemble's; both must be of one network and input", field));
  }
}

}  // namespace

Comparison::Comparison(Ensemble ensemble, Prediction prediction)
    : ensemble_(std::move(ensemble)), prediction_(std::move(prediction)) {
  const auto simulated = network_document(ensemble_.network);
  const auto predicted = network_document(prediction_.network);
  for (const auto& [key, value] : predicted.items()) require_same(key, value == simulated[key]);
  require_same("input", prediction_.input.values(prediction_.network) == ensemble_.input.values(ensemble_.network));
  for (const auto& [kind, law] : prediction_.laws) fits_.push_back({kind, compare(ensemble_, law)});
  if (const GradientLaw* law = gradient_law()) gradients_ = compare(*ensemble_.gradients, *law);
}

const GradientLaw* Comparison::gradient_law() const {
  const bool any = ensemble_.gradients && ensemble_.gradients->growth.count() > 0;
  return any ? prediction_.gradient_law(*ensemble_.options.gradients) : nullptr;
}

Comparison compare(Ensemble ensemble, Prediction prediction) { return {std::move(ensemble), std::move(prediction)}; }

}  // namespace initlaw
