#pragma once

#include <string>

#include "result/json.hpp"

namespace initlaw {

/// Network, input and samples of an ensemble: what a report begins with.
std::string heading_of(const Ensemble& ensemble);

// The reports for people.
std::string to_text(const Prediction& prediction);
std::string to_text(const Ensemble& ensemble);
std::string to_text(const Prediction& prediction, const Ensemble& ensemble, const Comparison& comparison);
std::string to_text(const TailReport& report);
/// Of many inputs the first pairs alone.
std::string to_text(const JointReport& report);

}  // namespace initlaw
