#pragma once

#include <string>

#include "initlaw/simulate.hpp"

namespace initlaw {

// What texts begin with, lines each.
std::string heading(const Network& network);
std::string heading(const Network& network, const Input& input);
/// With the samples.
std::string heading(const Ensemble& ensemble);

}  // namespace initlaw
