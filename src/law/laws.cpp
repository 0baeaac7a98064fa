#include "law/laws.hpp"

#include <array>
#include <optional>
#include <utility>

#include "law/finite_width_law.hpp"
#include "law/layer_sums.hpp"

namespace initlaw {
namespace {

bool always(const Network&) { return true; }

bool has_second_order(const Network& network) { return has_finite_width_law(network); }
Law second_order_law(const Network& network, const Input& input) { return finite_width(network, input); }

Law exact_law(const Network& network, const Input& input) {
  return network.architecture().branch == Branch::kLinearFirst ? exact_linear_first(network, input)
                                                               : exact_fully_connected(network, input);
}

struct Row {
  LawKind kind;
  /// The same as kind.make where kind.exists, from a growth that is known.
  std::optional<Law> (*make)(const Network& network, const Input& input, const GrowthOfOrders& growth);
};

template <auto exists, auto make>
std::optional<Law> anew(const Network& network, const Input& input, const GrowthOfOrders&) {
  return exists(network) ? std::optional(make(network, input)) : std::nullopt;
}

constexpr Row kRows[] = {
    {{"finite_width", "finite-width", "finite-width law", has_second_order, second_order_law},
     [](const Network& network, const Input& input, const GrowthOfOrders& growth) {
       return growth.second ? finite_width_law(network, input, *growth.second) : std::nullopt;
     }},
    {{"log_gaussian", "log-Gaussian", "log-Gaussian limit", always, infinite_depth_and_width},
     [](const Network& network, const Input& input, const GrowthOfOrders& growth) {
       return std::optional(log_gaussian_law(network, input, growth.first));
     }},
    {{"gaussian", "Gaussian", "Gaussian limit", always, infinite_width}, anew<always, infinite_width>},
    {{"exact", "exact", "exact law", has_exact_law, exact_law}, anew<has_exact_law, exact_law>},
};

constexpr auto kKinds = [] {
  std::array<LawKind, std::size(kRows)> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) kinds[i] = kRows[i].kind;
  return kinds;
}();

}  // namespace

std::span<const LawKind> law_kinds() { return kKinds; }

std::vector<NamedLaw> laws(const Network& network, const Input& input, const GrowthOfOrders& growth) {
  std::vector<NamedLaw> found;
  for (const auto& [kind, make] : kRows) {
    if (auto law = make(network, input, growth)) found.push_back({kind, *std::move(law)});
  }
  return found;
}

std::vector<NamedLaw> laws(const Network& network, const Input& input) {
  return laws(network, input,
              {log_gaussian_growth(network, input),
               network.has_standard_architecture() ? std::optional(log_norm_cumulants(network)) : std::nullopt});
}

}  // namespace initlaw
