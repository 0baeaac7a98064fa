#pragma once

#include <string>
#include <string_view>

#include "initlaw/simulate.hpp"

namespace initlaw {

/// A number for people, "-" if it is not finite.
std::string format(double value);
/// The value to the digit that its error leaves certain: 1.2346 ± 0.0012.
std::string format(const Estimate& estimate);

}  // namespace initlaw
