#pragma once

#include <string>

#include "comparison/comparison.hpp"
#include "comparison/joint_comparison.hpp"
#include "comparison/prediction.hpp"
#include "comparison/tail_comparison.hpp"
#include "comparison/tangent_kernel_comparison.hpp"
#include "initlaw/design.hpp"
#include "initlaw/regime.hpp"

namespace initlaw {

// The reports for people.
std::string to_text(const Prediction& prediction);
std::string to_text(const Regime& regime);
std::string to_text(const Design& design);
std::string to_text(const Verification& verification);
std::string to_text(const Ensemble& ensemble);
std::string to_text(const Comparison& comparison);
std::string to_text(const TailComparison& comparison);
std::string to_text(const TangentKernelComparison& comparison);
/// Of many inputs the first pairs alone.
std::string to_text(const JointPrediction& prediction);
std::string to_text(const JointComparison& comparison);
std::string to_text(const TangentKernelMatrixComparison& comparison);

}  // namespace initlaw
