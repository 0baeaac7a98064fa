#include "reproduction/run.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace initlaw {
namespace {

/// Random numbers that a network takes.
double steps(const Network& network) {
  return static_cast<double>(network.width(0)) * static_cast<double>(network.depth() + 1);
}

}  // namespace

bool Result::holds() const {
  return std::all_of(findings.checks.begin(), findings.checks.end(), [](const Check& check) { return check.holds; });
}

std::vector<Result> run(const std::vector<Claim>& claims, const Input& input, const Theory& theory, unsigned threads,
                        const std::function<bool(const RunProgress&)>& progress) {
  double total = 0;
  for (const Claim& claim : claims) {
    for (const auto& [network, options] : claim.experiments)
      total += steps(network) * static_cast<double>(options.samples);
  }
  double done = 0;
  std::vector<Result> results;
  for (const Claim& claim : claims) {
    std::vector<Ensemble> ensembles;
    for (const Experiment& experiment : claim.experiments) {
      const Network& network = experiment.network;
      SimulationOptions options = experiment.options;
      options.threads = threads;
      const double cost = steps(network);
      bool stopped = false;
      ensembles.push_back(simulate(network, options, input, [&](std::uint64_t samples) {
        const double share = static_cast<double>(samples) / static_cast<double>(options.samples);
        stopped =
            !progress({.done = done + cost * static_cast<double>(samples),
                       .total = total,
                       .part = fmt::format("claim {}: {} {} x {}, {:.0f}%", claim.number, to_string(network.family()),
                                           network.width(0), network.depth(), 100 * share)});
        return !stopped;
      }));
      if (stopped) return results;
      done += cost * static_cast<double>(options.samples);
    }
    results.push_back({claim, claim.examine(ensembles, theory)});
  }
  return results;
}

}  // namespace initlaw
