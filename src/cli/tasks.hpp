#pragma once

#include <string>

namespace initlaw {

/// What a process does that serves others: performs a task of whichever kind, bytes to bytes. Throws
/// std::invalid_argument if the bytes are no task of this initlaw's.
std::string perform_any_task(const std::string& task);

}  // namespace initlaw
