#pragma once

#include <string>

namespace initlaw::support {

/// The name of a test of many parameters: that of its parameter.
inline constexpr auto name_of = [](const auto& test) { return std::string(test.param.name); };

}  // namespace initlaw::support
