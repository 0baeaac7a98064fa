#include "comparison/tail_comparison.hpp"

#include <utility>

namespace initlaw {

TailComparison compare(Tail tail) {
  std::vector<TailComparison::LawTail> predicted;
  for (const auto& [kind, law] : laws(tail.network, tail.input)) {
    const double of_living = 2 * law.output().survival(tail.options.threshold);
    predicted.push_back({kind, (1 - law.dead_probability()) * of_living});
  }
  return {std::move(tail), std::move(predicted)};
}

}  // namespace initlaw
