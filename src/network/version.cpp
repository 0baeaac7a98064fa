#include "initlaw/version.hpp"

namespace initlaw {

std::string_view version() { return INITLAW_VERSION; }

}  // namespace initlaw
