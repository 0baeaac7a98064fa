#include "reproduction/claim.hpp"

#include <fmt/core.h>

#include <cmath>

namespace initlaw {

Check is_zero(std::string what, const Estimate& measured) {
  return {.what = std::move(what),
          .measured = measured,
          .condition = fmt::format("0 within {} standard errors", kChance),
          .holds = std::abs(measured.value) < kChance * measured.std_error};
}

Check is_positive(std::string what, const Estimate& measured) {
  return {.what = std::move(what),
          .measured = measured,
          .condition = fmt::format("above 0 by {} standard errors", kChance),
          .holds = measured.value > kChance * measured.std_error};
}

Check is_below(std::string what, const Estimate& measured, double bound) {
  return {.what = std::move(what),
          .measured = measured,
          .condition = fmt::format("below {:.4g} + {} standard errors", bound, kChance),
          .holds = measured.value < bound + kChance * measured.std_error};
}

Check is_distance_of_samples(std::string what, double ks, std::uint64_t N) {
  const double root = std::sqrt(static_cast<double>(N));
  return {.what = std::move(what),
          .measured = {ks, 0.5 / root},
          .condition = fmt::format("below 2.5/√N = {:.4g}", 2.5 / root),
          .holds = ks < 2.5 / root};
}

}  // namespace initlaw
