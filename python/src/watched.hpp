#pragma once

#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <future>

#include "bindings.hpp"

namespace initlaw::python {

/// Runs work(progress) without the interpreter's lock on a thread of its own, while this one passes on the samples done
/// and looks for Ctrl-C, which only the interpreter's main thread sees.
template <typename Work>
auto watched(nb::handle on_progress, const Work& work) {
  std::atomic<std::uint64_t> done = 0;
  std::atomic<bool> stop = false;
  auto result = [&] {
    const nb::gil_scoped_release release;
    return std::async(std::launch::async, [&] {
      return work([&](std::uint64_t samples) {
        done = samples;
        return !stop;
      });
    });
  }();
  const auto ready = [&](std::chrono::microseconds wait) {
    const nb::gil_scoped_release release;
    return result.wait_for(wait) == std::future_status::ready;
  };
  try {
    while (!ready(std::chrono::milliseconds(50))) {
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
      if (!on_progress.is_none()) on_progress(done.load());
    }
    if (!on_progress.is_none()) on_progress(done.load());
  } catch (...) {
    stop = true;
    const nb::gil_scoped_release release;
    result.wait();
    throw;
  }
  return result.get();
}

inline unsigned thread_count(nb::handle threads) {
  constexpr std::uint64_t kMost = std::numeric_limits<unsigned>::max();
  return static_cast<unsigned>(std::min(whole_number("threads", threads), kMost));
}

}  // namespace initlaw::python
