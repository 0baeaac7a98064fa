#include "initlaw/laws.hpp"

#include "initlaw/limit.hpp"

namespace initlaw {
namespace {

bool always(const Network&) { return true; }

constexpr LawKind kKinds[] = {
    {"log_gaussian", "log-Gaussian", "log-Gaussian limit", always, infinite_depth_and_width},
    {"gaussian", "Gaussian", "Gaussian limit", always, infinite_width},
    {"exact", "exact", "exact law", has_exact_law, exact_fully_connected},
};

}  // namespace

std::span<const LawKind> law_kinds() { return kKinds; }

std::vector<NamedLaw> laws(const Network& network, const Input& input) {
  std::vector<NamedLaw> found;
  for (const LawKind& kind : law_kinds()) {
    if (kind.exists(network)) found.push_back({kind, kind.make(network, input)});
  }
  return found;
}

}  // namespace initlaw
