#pragma once

#include <string>
#include <string_view>

namespace initlaw {

/// True if the bytes begin as a gzip file does.
bool is_gzip(std::string_view bytes);

/// The content of a gzip file, all of its members. Throws std::invalid_argument if it is truncated or corrupt.
std::string gunzip(std::string_view bytes);

}  // namespace initlaw
