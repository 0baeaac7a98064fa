#pragma once

#include <cstdint>

namespace initlaw::support {

/// Whether a sanitizer is at work, which takes more memory than tests of memory allow.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// So many samples of a statistical test; a tenth under a sanitizer, which looks for wrong accesses, not for wrong
/// laws.
constexpr std::uint64_t samples(std::uint64_t number) { return kSanitized ? number / 10 : number; }

}  // namespace initlaw::support
