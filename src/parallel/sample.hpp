#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "parallel/run_in_chunks.hpp"
#include "parallel/worker_pool.hpp"

namespace initlaw {

// What a sampler is: a simulation in chunks that can be made anywhere. Sums of whole chunks are appended in order; what
// remains belongs to no sums, so that a simulation of more samples can go on from the same ones.

/// What a sampler's whole chunks leave over, if anything.
template <typename AnySampler>
auto remainder_of(const AnySampler& sampler) {
  std::optional<decltype(sampler.simulate(0))> remainder;
  if (sampler.has_remainder()) remainder = sampler.simulate(sampler.whole_chunks());
  return remainder;
}

/// Appends the chunks that follow, one after the other on this thread, until there are `end`, or stop(), asked before
/// each, is true. Returns whether they are all there.
template <typename AnySampler, typename Sums>
bool append_chunks(const AnySampler& sampler, Sums& sums, std::uint64_t end, const std::function<bool()>& stop) {
  while (sums.end() < end) {
    if (stop && stop()) return false;
    sums.append(sampler.simulate(sums.end()));
  }
  return true;
}

/// The ensemble of a sampler's samples, simulated on some threads until progress(networks so far), if there is one,
/// returns false.
template <typename AnySampler>
auto sample(const AnySampler& sampler, unsigned threads, const std::function<bool(std::uint64_t)>& progress) {
  auto sums = sampler.sums();
  std::optional<decltype(sampler.simulate(0))> remainder;
  const auto merge = [&](auto chunk) {
    if (sums.end() < sampler.whole_chunks()) {
      sums.append(std::move(chunk));
    } else {
      remainder = std::move(chunk);
    }
  };
  run_in_chunks(
      sampler.options().samples, sampler.networks(1), threads, [&](std::uint64_t i) { return sampler.simulate(i); },
      merge, progress);
  return sampler.ensemble(std::move(sums), remainder);
}

/// How many chunks the tasks of a pool are to have: a power of 2, so that the sums of a task are a single run, and so
/// many that each member gets some ten tasks whatever the number of samples.
inline std::uint64_t chunks_a_task(std::uint64_t chunks, unsigned members) {
  constexpr std::uint64_t kTasksEach = 10;
  return std::bit_floor(std::max<std::uint64_t>(1, chunks / (kTasksEach * members)));
}

/// The same to the last bit by a pool: task(first, chunks) tells its members what to do, and sums_of(result) reads what
/// they give. A task has `most_chunks` at most.
template <typename AnySampler, typename Task, typename Read>
auto sample(const AnySampler& sampler, WorkerPool& pool, std::uint64_t most_chunks, const Task& task,
            const Read& sums_of, const std::function<bool(std::uint64_t)>& progress) {
  auto sums = sampler.sums();
  const std::uint64_t chunks = sampler.whole_chunks();
  const std::uint64_t each = std::min(most_chunks, chunks_a_task(chunks, pool.size()));
  bool stopped = false;
  const auto task_of = [&](std::uint64_t i) { return task(i * each, std::min(each, chunks - i * each)); };
  const auto collect = [&](std::uint64_t, const std::string& result) {
    sums.append(sums_of(result));
    stopped = progress && !progress(sampler.networks(sums.end()));
    return !stopped;
  };
  pool.run_in_order((chunks + each - 1) / each, task_of, collect);
  const auto remainder = stopped ? std::nullopt : remainder_of(sampler);
  if (remainder && progress) progress(sampler.options().samples);
  return sampler.ensemble(std::move(sums), remainder);
}

}  // namespace initlaw
