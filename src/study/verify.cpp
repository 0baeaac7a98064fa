#include "study/verify.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "initlaw/version.hpp"
#include "simulation/simulation_task.hpp"
#include "study/cell_task.hpp"

namespace initlaw {
namespace {

/// What is wrong with one cell; empty if nothing is.
std::string defect(const StoredCell& stored) {
  const auto& [id, cell, result_version, progress, finished] = stored;
  try {
    if (!progress.sums.empty() && result_version == kResultVersion) {
      const Sampler sampler = sampler_of(cell, cell.options.samples);
      const std::uint64_t samples = sampler.networks(ordered_sums_from_bytes(sampler, progress.sums).end());
      if (samples > progress.samples) return fmt::format("has {} samples, but sums of {}", progress.samples, samples);
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

double cost(const StoredCell& stored) { return work_of(stored.cell, stored.progress.samples); }

/// Whether a new simulation of as many samples has all that is stored. What is stored may lack a law that later
/// versions compare with.
bool is_repeated(const StoredCell& stored) {
  SimulationOptions options = stored.cell.options;
  options.samples = stored.progress.samples;
  const auto found = nlohmann::json::parse(result_of(simulate(stored.cell.network, options, stored.cell.input)));
  const auto expected = nlohmann::json::parse(stored.progress.result);
  return std::all_of(expected.items().begin(), expected.items().end(),
                     [&](const auto& part) { return found.contains(part.key()) && found[part.key()] == part.value(); });
}

}  // namespace

std::vector<std::string> verify(const Store& store, std::uint64_t repeat) {
  std::vector<std::string> found = store.damage();
  const auto report = [&](std::int64_t id, const std::string& what) {
    found.push_back(fmt::format("cell {}: {}", id, what));
  };
  std::vector<StoredCell> cheapest;
  const auto cheaper = [](const StoredCell& a, const StoredCell& b) { return cost(a) < cost(b); };
  const auto check = [&](const StoredCell& stored) {
    if (const std::string what = defect(stored); !what.empty()) report(stored.id, what);
    if (!stored.finished || stored.result_version != kResultVersion) return;
    cheapest.insert(std::upper_bound(cheapest.begin(), cheapest.end(), stored, cheaper), stored);
    if (cheapest.size() > repeat) cheapest.pop_back();
  };
  try {
    store.each(check, report);
  } catch (const std::runtime_error& error) {
    found.emplace_back(error.what());
  }
  for (const StoredCell& stored : cheapest) {
    if (!is_repeated(stored)) report(stored.id, "a new simulation gives another result");
  }
  return found;
}

}  // namespace initlaw
