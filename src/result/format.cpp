#include "result/format.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace initlaw {

std::string format(double value) { return std::isfinite(value) ? fmt::format("{:.5g}", value) : "-"; }

std::string format(const Estimate& estimate) {
  const auto [value, error] = estimate;
  if (!std::isfinite(value) || !std::isfinite(error) || error <= 0) return format(value);
  const double larger = std::max(std::abs(value), error);
  if (larger >= 1e6 || larger < 1e-4) return fmt::format("{:.4g} ± {:.1g}", value, error);
  const int decimals = std::max(0, 1 - static_cast<int>(std::floor(std::log10(error))));
  return fmt::format("{:.{}f} ± {:.{}f}", value, decimals, error, decimals);
}

std::string_view to_string(OutputDirection direction) {
  return direction == OutputDirection::kRandom ? "random" : "orthogonal";
}

}  // namespace initlaw
