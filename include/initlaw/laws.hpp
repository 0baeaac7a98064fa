#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/input.hpp"
#include "initlaw/law.hpp"
#include "initlaw/network.hpp"

namespace INITLAW_API initlaw {

/// One of the laws of ln||z_out||^2 that limit.hpp makes, with the names that it goes by.
struct LawKind {
  std::string_view key;    ///< in JSON and SQL: "log_gaussian"
  std::string_view title;  ///< of a column, and in Python: "log-Gaussian"
  std::string_view name;   ///< in a sentence: "log-Gaussian limit"
  /// Whether laws() has one of a network.
  bool (*exists)(const Network& network);
  /// Makes those on request, too: exact_linear_first. Throws std::invalid_argument unless the network has one, or if
  /// the input's length is not the network's.
  Law (*make)(const Network& network, const Input& input);
};

/// All kinds, in the order in which they are shown.
std::span<const LawKind> law_kinds();

struct NamedLaw {
  LawKind kind;
  Law law;
};

/// The laws that exist for a network, in the order of law_kinds(). Cost: that of all of them. Throws
/// std::invalid_argument if the input's length is not the network's.
std::vector<NamedLaw> laws(const Network& network, const Input& input = {});

}  // namespace initlaw
