#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <utility>

#include "parallel/parallel_in_order.hpp"

namespace initlaw {

/// Throws std::invalid_argument if so many threads are out of range.
inline void require_threads(unsigned threads) {
  constexpr unsigned kMostThreads = 1024;
  if (threads > kMostThreads) {
    throw std::invalid_argument(fmt::format("threads: {} is out of range [0, {}]", threads, kMostThreads));
  }
}

/// Simulates samples in chunks of `each`, the last of them perhaps smaller: work(index) on some threads, and
/// merge(result) in the order of the chunks, until progress(samples merged so far), if there is one, returns false. The
/// result does not depend on the number of threads. Exceptions are thrown on.
template <typename Work, typename Merge>
void run_in_chunks(std::uint64_t samples, std::uint64_t each, unsigned threads, const Work& work, const Merge& merge,
                   const std::function<bool(std::uint64_t)>& progress) {
  std::uint64_t merged = 0;
  const std::uint64_t chunks = samples / each + (samples % each == 0 ? 0 : 1);
  parallel_in_order(chunks, threads, work, [&](auto result) {
    merge(std::move(result));
    ++merged;
    return !progress || progress(std::min(samples, merged * each));
  });
}

}  // namespace initlaw
