#pragma once

#include <cstdint>

// What src/parallel/parallel_in_order.hpp has, where there are no threads: a browser's workers each have one.

namespace initlaw {

inline unsigned thread_count(unsigned) { return 1; }

template <typename Work, typename Collect>
void parallel_in_order(std::uint64_t count, unsigned, const Work& work, const Collect& collect) {
  for (std::uint64_t i = 0; i < count && collect(work(i)); ++i) {
  }
}

}  // namespace initlaw
