#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reproduction/claim.hpp"

namespace initlaw {

/// A claim with what its experiments found.
struct Result {
  Claim claim;
  Findings findings;

  /// True if no check failed.
  bool holds() const;
};

/// How far a run is, in random numbers drawn, and what it is at.
struct RunProgress {
  double done;
  double total;
  std::string part;
};

/// Simulates each claim's experiments and examines them. Memory: 16 MB for each experiment of a claim. The progress
/// function returns false to stop: the claims that were finished are then returned.
std::vector<Result> run(const std::vector<Claim>& claims, const Input& input, const Theory& theory, unsigned threads,
                        const std::function<bool(const RunProgress&)>& progress);

}  // namespace initlaw
