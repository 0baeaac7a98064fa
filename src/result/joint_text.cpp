#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "result/format.hpp"
#include "result/table.hpp"
#include "result/text.hpp"
#include "result/text_parts.hpp"

namespace initlaw {

std::string to_text(const JointComparison& comparison) {
  const JointEnsemble& e = comparison.ensemble;
  constexpr std::size_t kMostPairs = 6;
  const std::size_t pairs = std::min(kMostPairs, e.output_covariance.size());
  std::string text = heading(e.network) +
                     fmt::format("Inputs    {}\nSamples   {}, seed {}", e.growth.size(), e.samples, e.options.seed);
  if (e.samples < e.options.samples) text += fmt::format(" (interrupted; {} were asked for)", e.options.samples);
  Table growth;
  growth.add({"input", "mean of G", "variance of G"});
  for (std::size_t i = 0; i < std::min(kMostPairs, e.growth.size()); ++i) {
    growth.add({fmt::format("{}", i), format(e.growth[i].mean()), format(e.growth[i].variance())});
  }
  text += fmt::format("\n\n{}", growth.text());
  Table table;
  table.add({"pair", "layer", "cosine of z_l", "infinite width"});
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const auto [i, j] = e.options.pairs[pair];
    const std::vector<double>& limit = comparison.infinite_width[pair];
    for (std::size_t k = 0; k < e.options.layers.size(); ++k) {
      table.add({k == 0 ? fmt::format("{}, {}", i, j) : "", fmt::format("{}", e.options.layers[k]),
                 format(e.cosine[k][pair].mean()), limit.empty() ? "-" : format(limit[e.options.layers[k]])});
    }
    table.add({"", "kernel of outputs", format(e.output_covariance[pair].mean()),
               limit.empty() ? "-" : format(limit.back())});
  }
  if (pairs > 0) text += fmt::format("\n{}", table.text());
  if (pairs < e.output_covariance.size())
    text += fmt::format("... and {} pairs more: --json has all of them\n", e.output_covariance.size() - pairs);
  return text;
}

}  // namespace initlaw
