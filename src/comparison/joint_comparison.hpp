#pragma once

#include <vector>

#include "initlaw/several_inputs.hpp"

namespace initlaw {

/// What several inputs did, and what infinite width predicts.
struct JointComparison {
  JointEnsemble ensemble;
  /// The correlation of each pair at infinite width, by layer; empty if one of the two inputs is 0.
  std::vector<std::vector<double>> infinite_width;
};

JointComparison compare(JointEnsemble ensemble);

}  // namespace initlaw
