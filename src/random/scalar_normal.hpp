#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>

#include "random/philox.hpp"

namespace initlaw {

/// Fills `normals` with independent N(0,1) numbers, by Box and Muller's transform: with U, V uniform,
/// sqrt(-2 ln U) (cos 2 pi V, sin 2 pi V). Each call starts a new block of random bits.
///
/// float: U lies in [2^-33, 1 - 2^-24], so no number is beyond 6.77 (probability 1.3e-11).
/// double: U lies in [2^-53, 1 - 2^-53], so no number is beyond 8.57.
/// V lies between its bits' values, so that no number is 0, which would have no logarithm.
inline void fill_normals(PhiloxStream& stream, std::span<float> normals) {
  constexpr float kUnit = 0x1p-32F;
  constexpr float kTwoPi = 2 * std::numbers::pi_v<float>;
  const auto pair = [](std::uint32_t u, std::uint32_t v) {
    const float uniform = std::min((static_cast<float>(u) + 0.5F) * kUnit, 1 - 0x1p-24F);
    const float radius = std::sqrt(-2 * std::log(uniform));
    const float angle = kTwoPi * kUnit * (static_cast<float>(v) + 0.5F);
    return std::array{radius * std::cos(angle), radius * std::sin(angle)};
  };
  for (std::size_t i = 0; i < normals.size(); i += 4) {
    const auto bits = stream.next();
    const auto first = pair(bits[0], bits[1]);
    const auto second = pair(bits[2], bits[3]);
    const std::array block = {first[0], first[1], second[0], second[1]};
    for (std::size_t j = 0; j < 4 && i + j < normals.size(); ++j) normals[i + j] = block[j];
  }
}

inline void fill_normals(PhiloxStream& stream, std::span<double> normals) {
  constexpr double kUnit = 0x1p-52;
  const auto uniform_bits = [](std::uint32_t high, std::uint32_t low) {
    return static_cast<double>(((std::uint64_t{high} << 32) | low) >> 12);
  };
  for (std::size_t i = 0; i < normals.size(); i += 2) {
    const auto bits = stream.next();
    const double radius = std::sqrt(-2 * std::log((uniform_bits(bits[0], bits[1]) + 0.5) * kUnit));
    const double angle = 2 * std::numbers::pi * kUnit * (uniform_bits(bits[2], bits[3]) + 0.5);
    normals[i] = radius * std::cos(angle);
    if (i + 1 < normals.size()) normals[i + 1] = radius * std::sin(angle);
  }
}

}  // namespace initlaw
