#pragma once

#include "comparison/prediction.hpp"
#include "result/table.hpp"

namespace initlaw {

/// What is simulated and predicted of one network, side by side, as far as there is either: the output, the last layer,
/// interlayer covariances, and gradients.
Table network_table(const Ensemble* ensemble, const Prediction* prediction);

}  // namespace initlaw
