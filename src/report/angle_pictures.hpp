#pragma once

#include <vector>

#include "comparison/joint_comparison.hpp"
#include "report/picture.hpp"

namespace initlaw {

/// For each of the first pairs its angle against depth, with the law's band from 1% to 99%, and its density in the last
/// layer; and the spread of all of them against depth.
std::vector<Picture> angle_pictures(const JointComparison& comparison);

}  // namespace initlaw
