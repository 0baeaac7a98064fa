#include "network/memory.hpp"

namespace initlaw {

/// A quarter of what WebAssembly can address: there may be a worker for each core.
double available_bytes() { return 0x1p30; }

}  // namespace initlaw
