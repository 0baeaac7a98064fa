#include "study/verify.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "initlaw/version.hpp"
#include "monte_carlo/run_task.hpp"
#include "study/cell_task.hpp"

namespace initlaw {
namespace {

/// What is wrong with one cell; empty if nothing is.
std::string defect(const StoredCell& stored) {
  const auto& [id, cell, version, progress, finished] = stored;
  try {
    if (!progress.tally.empty() && version == initlaw::version()) {
      const Sampler sampler = sampler_of(cell, cell.plan.samples);
      const std::uint64_t samples = sampler.networks(tally_from_bytes(sampler, progress.tally).end());
      if (samples > progress.samples)
        return fmt::format("has {} samples, but a tally of {}", progress.samples, samples);
    }
    if (finished) {
      const auto samples = nlohmann::json::parse(progress.result)["samples"].get<std::uint64_t>();
      if (samples != progress.samples)
        return fmt::format("has {} samples, but a result of {}", progress.samples, samples);
    }
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

double cost(const StoredCell& stored) {
  return static_cast<double>(stored.progress.samples) * updates(stored.cell.network, stored.cell.plan.method);
}

/// The result of a new simulation of as many samples.
std::string repeated(const StoredCell& stored) {
  Plan plan = stored.cell.plan;
  plan.samples = stored.progress.samples;
  return result_of(simulate(stored.cell.network, plan, stored.cell.input));
}

}  // namespace

std::vector<std::string> verify(const Store& store, std::uint64_t repeat) {
  std::vector<std::string> found = store.damage();
  std::vector<StoredCell> cheapest;
  const auto cheaper = [](const StoredCell& a, const StoredCell& b) { return cost(a) < cost(b); };
  store.each([&](const StoredCell& stored) {
    if (const std::string what = defect(stored); !what.empty())
      found.push_back(fmt::format("cell {}: {}", stored.id, what));
    if (!stored.finished || stored.version != version()) return;
    cheapest.insert(std::upper_bound(cheapest.begin(), cheapest.end(), stored, cheaper), stored);
    if (cheapest.size() > repeat) cheapest.pop_back();
  });
  for (const StoredCell& stored : cheapest) {
    if (repeated(stored) != stored.progress.result) {
      found.push_back(fmt::format("cell {}: a new simulation gives another result", stored.id));
    }
  }
  return found;
}

}  // namespace initlaw
