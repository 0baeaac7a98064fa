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
}

const GradientLaw* Comparison::gradient_law() const {
  const bool any = ensemble_.gradients && ensemble_.gradients->growth.count() > 0;
  return any ? prediction_.gradient_law(*ensemble_.options.gradients) : nullptr;
}

Comparer::Comparer(Prediction prediction, std::optional<OutputDirection> gradients)
    : prediction_(std::move(prediction)) {
  for (const auto& [kind, law] : prediction_.laws) laws_.emplace_back(law);
  if (!gradients) return;
  if (const GradientLaw* law = prediction_.gradient_law(*gradients)) gradients_.emplace(*law);
}

Comparison Comparer::compare(Ensemble ensemble) const {
  Comparison comparison(std::move(ensemble), prediction_);
  for (std::size_t i = 0; i < laws_.size(); ++i) {
    comparison.fits_.push_back({prediction_.laws[i].kind, laws_[i].compare(comparison.ensemble_)});
  }
  if (comparison.gradient_law() != nullptr) {
    comparison.gradients_ = gradients_->compare(*comparison.ensemble_.gradients);
  }
  return comparison;
}

Comparison compare(Ensemble ensemble, Prediction prediction) {
  const Comparer comparer(std::move(prediction), ensemble.options.gradients);
  return comparer.compare(std::move(ensemble));
}

}  // namespace initlaw
