#pragma once

namespace initlaw::support {

/// Whether a sanitizer is at work, which takes more memory than tests of memory allow.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace initlaw::support
