#include "reproduction/run.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace initlaw {
namespace {

/// Random numbers that a network takes.
double steps(const Network& network) {
  return static_cast<double>(network.width(0)) * static_cast<double>(network.depth() + 1);
}
double steps(const Experiment& experiment) { return steps(experiment.network); }
double steps(const JointExperiment& experiment) { return 4 * steps(experiment.network); }

}  // namespace

bool Result::holds() const {
  return std::all_of(findings.checks.begin(), findings.checks.end(), [](const Check& check) { return check.holds; });
}

std::vector<Result> run(const std::vector<Claim>& claims, const Input& input, const Theory& theory, unsigned threads,
                        const std::function<bool(const RunProgress&)>& progress) {
  const auto cost_of = [](const auto& experiments) {
    double sum = 0;
    for (const auto& experiment : experiments) {
      sum += steps(experiment) * static_cast<double>(experiment.options.samples);
    }
    return sum;
  };
  double total = 0;
  for (const Claim& claim : claims) total += cost_of(claim.experiments) + cost_of(claim.joint_experiments);
  double done = 0;
  std::vector<Result> results;
  for (const Claim& claim : claims) {
    bool stopped = false;
    // What simulate_with(options, progress) gives.
    const auto simulated = [&](const auto& experiment, const auto& simulate_with) {
      auto options = experiment.options;
      options.threads = threads;
      const double cost = steps(experiment);
      auto ensemble = simulate_with(options, [&](std::uint64_t samples) {
        const double share = static_cast<double>(samples) / static_cast<double>(options.samples);
        const Network& network = experiment.network;
        stopped =
            !progress({.done = done + cost * static_cast<double>(samples),
                       .total = total,
                       .part = fmt::format("claim {}: {} {} x {}, {:.0f}%", claim.number, to_string(network.family()),
                                           network.width(0), network.depth(), 100 * share)});
        return !stopped;
      });
      done += cost * static_cast<double>(options.samples);
      return ensemble;
    };
    Simulations simulations;
    for (const Experiment& experiment : claim.experiments) {
      simulations.ensembles.push_back(
          simulated(experiment, [&](const SimulationOptions& options, const Progress& each) {
            return simulate(experiment.network, options, input, each);
          }));
      if (stopped) return results;
    }
    for (const JointExperiment& experiment : claim.joint_experiments) {
      simulations.joint.push_back(simulated(experiment, [&](const JointOptions& options, const Progress& each) {
        return simulate_jointly(experiment.network, options, experiment.inputs, each);
      }));
      if (stopped) return results;
    }
    results.push_back({claim, claim.examine(simulations, theory)});
  }
  return results;
}

}  // namespace initlaw
