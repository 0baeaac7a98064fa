#pragma once

#include <fmt/core.h>

#include <string_view>

#include "initlaw/network.hpp"
#include "network/field_error.hpp"

namespace initlaw {

/// Throws FieldError, naming what is not known of other networks, unless the network has the paper's architecture.
inline void require_standard_architecture(const Network& network, std::string_view what) {
  const auto& [branch, branch_width, norm, activation, weights, input_layer] = network.architecture();
  const auto require = [&](const char* field, auto value, auto standard) {
    if (value == standard) return;
    throw FieldError(field, fmt::format("{} has no {}; it must be {}", to_string(value), what, to_string(standard)));
  };
  const Architecture standard;
  require("branch", branch, standard.branch);
  require("norm", norm, standard.norm);
  require("activation", activation, standard.activation);
  require("weights", weights, standard.weights);
  require("input_layer", input_layer, standard.input_layer);
}

}  // namespace initlaw
