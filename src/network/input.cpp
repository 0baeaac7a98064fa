#include "initlaw/input.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "network/root_of_squares.hpp"

namespace initlaw {
namespace {

/// ||x|| without overflow or underflow of the squares.
double norm(const std::vector<double>& values) {
  double norm = 0;
  for (const double value : values) norm = root_of_squares(norm, value);
  return norm;
}

}  // namespace

Input::Input(std::vector<double> values) : values_(std::move(values)) {
  const auto bad = std::find_if_not(values_.begin(), values_.end(), [](double v) { return std::isfinite(v); });
  if (bad != values_.end()) {
    throw std::invalid_argument(
        fmt::format("input: component {} is {}; all must be finite numbers", bad - values_.begin(), *bad));
  }
  if (std::all_of(values_.begin(), values_.end(), [](double v) { return v == 0; })) {
    throw std::invalid_argument("input: all components are 0; at least one must differ from 0");
  }
  if (!std::isfinite(norm(values_))) throw std::invalid_argument("input: its norm is too large for a double");
}

std::vector<double> Input::values(const Network& network) const {
  if (values_.empty()) {
    return std::vector<double>(network.inputs(), 1 / std::sqrt(static_cast<double>(network.inputs())));
  }
  if (values_.size() != network.inputs()) {
    throw std::invalid_argument(
        fmt::format("inputs: the network takes {} but the input has {}", network.inputs(), values_.size()));
  }
  return values_;
}

double Input::log_mean_square(const Network& network) const {
  const double log_norm2 = values_.empty() ? 0 : 2 * std::log(norm(values(network)));
  return log_norm2 - std::log(static_cast<double>(network.inputs()));
}

}  // namespace initlaw
