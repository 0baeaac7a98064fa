#pragma once

// To be included before Highway in each file that is compiled for several targets. All targets must give the same bits,
// and those left out here lack a fused multiply-add; scalar code serves their machines.
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4)
