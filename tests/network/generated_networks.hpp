#pragma once

#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "initlaw/network.hpp"

namespace initlaw::testing {

/// Any double between 10^-70 and 10^70, of either sign: most of them need 17 digits.
inline rc::Gen<double> nonzero_number() {
  const auto bits = rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>());
  return rc::gen::suchThat(rc::gen::map(bits, [](std::uint64_t word) { return std::bit_cast<double>(word); }),
                           [](double value) { return std::abs(value) > 1e-70 && std::abs(value) < 1e70; });
}

/// A whole number from 1 to 10^12, of any number of digits.
inline rc::Gen<std::size_t> count() {
  const auto digits = rc::gen::inRange<int>(0, 12);
  const auto lead = rc::gen::inRange<std::size_t>(1, 11);
  return rc::gen::map(rc::gen::pair(digits, lead), [](const std::pair<int, std::size_t>& drawn) {
    std::size_t value = drawn.second;
    for (int i = 1; i < drawn.first; ++i) value = 10 * value + drawn.second % 10;
    return value;
  });
}

inline Schedule any_schedule(std::size_t depth) {
  if (*rc::gen::arbitrary<bool>()) return *nonzero_number();
  return *rc::gen::container<std::vector<double>>(depth, nonzero_number());
}

inline Widths any_widths(std::size_t depth) {
  if (*rc::gen::arbitrary<bool>()) return *count();
  return *rc::gen::container<std::vector<std::size_t>>(depth + 1, count());
}

/// A number from low to high.
inline double any_in_range(double low, double high) {
  constexpr int kSteps = 1'000'000;
  return low + (high - low) * (*rc::gen::inRange(0, kSteps + 1) / static_cast<double>(kSteps));
}

/// Any valid network; to be called within a property.
inline Network any_network() {
  const std::size_t depth = *rc::gen::inRange<std::size_t>(1, 9);
  const std::size_t inputs = *count();
  const std::size_t outputs = *count();
  const double leak = any_in_range(-1, 1);
  const Family family =
      *rc::gen::element(Family::kFullyConnected, Family::kVanilla, Family::kBalanced, Family::kStable);
  if (family == Family::kFullyConnected) {
    return fully_connected(
        {.width = any_widths(depth), .depth = depth, .inputs = inputs, .outputs = outputs, .leak = leak});
  }
  if (family == Family::kStable) {
    return stable({.width = *count(),
                   .depth = depth,
                   .residual_scale = *nonzero_number(),
                   .inputs = inputs,
                   .outputs = outputs,
                   .leak = leak,
                   .branch_depth = *count()})
        .with_flip(any_in_range(0, 1));
  }
  const ResNetOptions options{.width = *count(),
                              .depth = depth,
                              .alpha = any_schedule(depth),
                              .lambda = any_schedule(depth),
                              .inputs = inputs,
                              .outputs = outputs,
                              .leak = leak,
                              .branch_depth = *count()};
  return family == Family::kBalanced ? balanced(options) : vanilla(options).with_flip(any_in_range(0, 1));
}

}  // namespace initlaw::testing
