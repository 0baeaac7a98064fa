#include "initlaw/laws.hpp"

#include "initlaw/limit.hpp"
#include "law/layer_sums.hpp"

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

std::vector<NamedLaw> laws(const Network& network, const Input& input, const LogNormGrowth& growth) {
  std::vector<NamedLaw> found;
  for (const LawKind& kind : law_kinds()) {
    if (!kind.exists(network)) continue;
    const bool is_log_gaussian = kind.make == infinite_depth_and_width;
    found.push_back({kind, is_log_gaussian ? log_gaussian_law(network, input, growth) : kind.make(network, input)});
  }
  return found;
}

std::vector<NamedLaw> laws(const Network& network, const Input& input) {
  return laws(network, input, log_gaussian_growth(network));
}

}  // namespace initlaw
