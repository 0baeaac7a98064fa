#pragma once

#include <string_view>

#include "initlaw/export.hpp"

namespace INITLAW_API initlaw {

/// A name of one of an enumeration's values.
template <typename Enum>
struct Name {
  Enum value;
  std::string_view name;
};

/// The one table of an enumeration's names, beside its definition: in options, files, JSON, SQL, Python and text. A
/// value's first name is the one that is written; others are former ones, which are still read.
template <typename Enum>
inline constexpr auto kNames = nullptr;

/// The name of a value of Family, Method, Precision, Estimator, OutputDirection or Verdict.
template <typename Enum>
requires requires { kNames<Enum>.size(); }
constexpr std::string_view to_string(Enum value) {
  for (const auto& [named, name] : kNames<Enum>) {
    if (named == value) return name;
  }
  return {};
}

}  // namespace initlaw
