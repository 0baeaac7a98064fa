#pragma once

#include <string>
#include <string_view>

#include "initlaw/tail.hpp"
#include "parallel/worker_pool.hpp"

namespace initlaw {

/// Estimates a tail by one particle system: bytes to bytes, for a pool.
std::string perform_tail_task(const std::string& task);
bool is_tail_task(std::string_view bytes);

/// As tail_probability(), to the last bit, by a pool whose members perform_tail_task.
Tail tail_probability(const Network& network, const TailOptions& options, const Input& input, const Progress& progress,
                      WorkerPool& pool);

}  // namespace initlaw
