#include <fmt/core.h>

#include <cmath>

#include "result/format.hpp"
#include "result/table.hpp"
#include "result/text.hpp"
#include "result/text_parts.hpp"

namespace initlaw {

std::string to_text(const TailComparison& comparison) {
  const Tail& tail = comparison.simulated;
  Table table;
  table.add({fmt::format("P(|one output| > {:.6g})", tail.options.threshold)});
  table.add({"  simulated", format(tail.probability)});
  for (const auto& [kind, probability] : comparison.predicted) {
    table.add({fmt::format("  {}", kind.name), format(probability)});
  }
  std::string samples = fmt::format("Samples   {}, seed {}", tail.samples, tail.options.seed);
  if (std::isfinite(tail.variance_reduction)) {
    samples += fmt::format(", as good as plain ones {:.2g} times as many", tail.variance_reduction);
  }
  std::string text = heading(tail.network, tail.input) + samples + "\n\n" + table.text();
  if (!tail.converged()) {
    text += "\nThe estimate has not converged, and is likely too small: ";
    text += std::isfinite(tail.largest_share)
                ? fmt::format("the largest particle system makes {:.0f}% of the sum of squares, at most 10% is enough",
                              100 * tail.largest_share)
                : "no particle system has reached the threshold";
    text += ". More samples may help.\n";
  }
  return text;
}

}  // namespace initlaw
