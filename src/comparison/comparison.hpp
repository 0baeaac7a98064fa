#pragma once

#include <optional>
#include <vector>

#include "comparison/prediction.hpp"
#include "initlaw/compare.hpp"

namespace initlaw {

/// One network at one input, simulated and predicted, and how far each law is from the simulation.
class Comparison {
 public:
  struct LawFit {
    LawKind kind;
    Fit fit;
  };

  const Ensemble& ensemble() const { return ensemble_; }
  const Prediction& prediction() const { return prediction_; }
  /// Of the prediction's laws, in their order.
  const std::vector<LawFit>& fits() const { return fits_; }
  /// The law of the gradients that were simulated; null unless both are there.
  const GradientLaw* gradient_law() const;
  /// Of the growth of gradients from that law, if there is one.
  const std::optional<Distance>& gradients() const { return gradients_; }

 private:
  friend Comparison compare(Ensemble ensemble, Prediction prediction);
  Comparison(Ensemble ensemble, Prediction prediction);

  Ensemble ensemble_;
  Prediction prediction_;
  std::vector<LawFit> fits_;
  std::optional<Distance> gradients_;
};

/// Throws std::invalid_argument if the two are of different networks or inputs, or as compare() with a law does.
Comparison compare(Ensemble ensemble, Prediction prediction);

}  // namespace initlaw
