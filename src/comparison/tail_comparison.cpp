#include "comparison/tail_comparison.hpp"

#include <utility>

#include "comparison/output_size.hpp"

namespace initlaw {

TailComparison compare(Tail tail) {
  std::vector<TailComparison::LawTail> predicted;
  for (const auto& [kind, law] : laws(tail.network, tail.input)) {
    predicted.push_back({kind, chance_above(law, tail.options.threshold)});
  }
  return {std::move(tail), std::move(predicted)};
}

}  // namespace initlaw
