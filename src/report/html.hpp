#pragma once

#include <string>

#include "comparison/comparison.hpp"
#include "comparison/joint_comparison.hpp"

namespace initlaw {

/// The report of a comparison with its pictures, as one self-contained HTML file. `command` is what made it. Throws
/// std::runtime_error if gnuplot, which draws the pictures, cannot be run.
std::string to_html(const Comparison& comparison, const std::string& command);
std::string to_html(const JointComparison& comparison, const std::string& command);

}  // namespace initlaw
