#include "initlaw/initlaw.hpp"
extern "C" __attribute__((export_name("f"))) double f(int x){ return initlaw::simulate(initlaw::vanilla({.width=100,.depth=50}), {.samples=static_cast<std::uint64_t>(x)}).log_output_norm2.mean().value; }
