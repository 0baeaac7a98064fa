#pragma once

#include <cmath>
#include <numbers>

namespace initlaw {

/// The density of N(0, 1).
inline double normal_density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }

/// E f(g) for a standard normal g, by the trapezoidal rule, which for functions that are analytic within 1 of the real
/// line and grow as powers is exact to rounding.
template <typename Function>
auto normal_mean(const Function& f) {
  constexpr double kStep = 0.0625;
  constexpr int kSteps = 640;  // out to 40
  auto sum = f(0.0) * normal_density(0);
  for (int i = 1; i <= kSteps; ++i) {
    const double x = kStep * i;
    sum = sum + (f(x) + f(-x)) * normal_density(x);
  }
  return sum * kStep;
}

}  // namespace initlaw
