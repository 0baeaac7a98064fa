#pragma once

#include <vector>

#include "initlaw/laws.hpp"
#include "initlaw/tail.hpp"

namespace initlaw {

/// P(|z| > threshold) of one output neuron, as a simulation and the laws say.
struct TailComparison {
  struct LawTail {
    LawKind kind;
    double probability;
  };

  Tail simulated;
  std::vector<LawTail> predicted;
};

/// Throws as laws() does.
TailComparison compare(Tail tail);

}  // namespace initlaw
