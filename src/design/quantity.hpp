#pragma once

#include "initlaw/design.hpp"

namespace initlaw {

/// A target's quantity, and the law that says so.
struct PredictedQuantity {
  double value;
  std::string_view law;
  LawAccuracy accuracy;
  std::optional<double> law_error;
};

/// Of a network, by the best law. Cost: that of best_law(), of gradients of gradient_limit(). Throws as they do.
PredictedQuantity predicted_quantity(const Network& network, const Input& input, const Target& target);

/// Of a network whose width is infinite. Cost: O(d).
double quantity_at_infinite_width(const Network& network, const Input& input, const Target& target);

}  // namespace initlaw
