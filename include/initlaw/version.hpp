#pragma once

#include <string_view>

#include "initlaw/export.hpp"

namespace INITLAW_API initlaw {

/// The library's version, "MAJOR.MINOR.PATCH".
std::string_view version();

/// Raised by every change of the numbers that simulations give: two initlaws of one result version give the same bits,
/// and those of another's simulation cannot be gone on with.
inline constexpr int kResultVersion = 4;

}  // namespace initlaw
