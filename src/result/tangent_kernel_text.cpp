#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "result/format.hpp"
#include "result/table.hpp"
#include "result/text.hpp"
#include "result/text_parts.hpp"

namespace initlaw {

std::string to_text(const TangentKernelComparison& comparison) {
  const Ensemble& ensemble = comparison.ensemble;
  std::string text = heading(ensemble);
  if (!ensemble.gradients) return text + "\nNo network has a gradient.\n";
  const Gradients& gradients = *ensemble.gradients;
  Table table;
  table.add({"", "simulated", "infinite width"});
  table.add({"Theta, the kernel's diagonal"});
  table.add({"  mean", format(gradients.ntk.mean()), format(std::exp(comparison.infinite_width.log_diagonal))});
  table.add({"ln Theta"});
  table.add({"  mean", format(gradients.log_ntk.mean()), format(comparison.infinite_width.log_diagonal)});
  table.add({"  variance", format(gradients.log_ntk.variance()), "0"});
  for (const double p : {0.01, 0.5, 0.99}) {
    table.add({fmt::format("  {}% quantile", 100 * p), format(gradients.log_ntk_histogram.quantile(p)),
               format(comparison.infinite_width.log_diagonal)});
  }
  const std::size_t depth = ensemble.network.depth();
  table.add({"share of Theta"});
  const auto add_share = [&](std::string label, const Estimate& share, std::size_t l) {
    table.add({std::move(label), format(share), format(comparison.infinite_width.share[l])});
  };
  add_share("  W_0", gradients.layers[0].ntk_share, 0);
  for (std::size_t l = 1; l < depth; l *= 2) {
    add_share(fmt::format("  layer {}", l), gradients.layers[l].ntk_share, l);
  }
  add_share(fmt::format("  layer {}", depth), gradients.layers[depth].ntk_share, depth);
  add_share("  W_out", gradients.output_ntk_share, depth + 1);
  return text + "\n" + table.text();
}

std::string to_text(const TangentKernelMatrixComparison& comparison) {
  const TangentKernelEnsemble& e = comparison.ensemble;
  constexpr std::size_t kMostInputs = 6;
  constexpr std::size_t kMost = TangentKernelEnsemble::place(kMostInputs, 0);
  Table diagonal;
  diagonal.add({"input", "ln Theta", "infinite width", "spread"});
  for (std::size_t i = 0; i < std::min(kMostInputs, e.inputs.size()); ++i) {
    diagonal.add({fmt::format("{}", i), format(e.log_diagonal[i].mean()), format(2 * e.log_unit[i]),
                  format(deviation(e.log_diagonal[i].variance()))});
  }
  Table table;
  table.add({"Theta", "mean", "infinite width", "spread", "cosine", "infinite width", "spread"});
  for (std::size_t i = 0; i < e.inputs.size(); ++i) {
    for (std::size_t j = 0; j <= i && TangentKernelEnsemble::place(i, j) < kMost; ++j) {
      const std::size_t place = TangentKernelEnsemble::place(i, j);
      std::vector<std::string> row = {fmt::format("{}, {}", j, i), format(e.mean(i, j)),
                                      format(comparison.infinite_width(i, j)), format(e.spread(i, j))};
      if (i != j && e.cosine[place].count() > 0) {
        row.push_back(format(e.cosine[place].mean()));
        row.push_back(format(comparison.infinite_width_cosine[place]));
        row.push_back(format(deviation(e.cosine[place].variance())));
      }
      table.add(std::move(row));
    }
  }
  return heading(e) + "\n" + diagonal.text() + "\n" + table.text() + more_pairs(e.kernel.size(), kMost);
}

}  // namespace initlaw
