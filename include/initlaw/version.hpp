#pragma once

#include <string_view>

namespace initlaw {

/// The library's version, "MAJOR.MINOR.PATCH".
std::string_view version();

}  // namespace initlaw
