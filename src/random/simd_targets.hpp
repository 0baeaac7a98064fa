#pragma once

// To be included before Highway in each file that is compiled for several targets. All targets must give the same bits.
// SSSE3 and SSE4 lack a fused multiply-add; scalar code serves their machines. SVE's vectors cannot be members; NEON
// serves its machines.
#undef HWY_DISABLED_TARGETS
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// Two kinds of registers will do for sanitizers.
#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#else
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
