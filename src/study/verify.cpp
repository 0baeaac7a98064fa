#include "study/verify.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "initlaw/version.hpp"
#include "study/cell_task.hpp"

namespace initlaw {
namespace {

/// What is wrong with one cell; empty if nothing is.
std::string defect(const StoredCell& stored) {
  const auto& [id, cell, result_version, progress, finished] = stored;
  try {
    if (!progress.sums.empty() && result_version == kResultVersion) {
      const std::uint64_t samples = std::visit(
          [&, &progress = progress](const auto& one) {
            const auto sampler = sampler_of(one, one.options.samples);
            return sampler.networks(sums_of(sampler, progress).end());
          },
          cell);
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

std::string simulated(const SingleCell& cell, std::uint64_t samples) {
  SimulationOptions options = cell.options;
  options.samples = samples;
  return result_of(simulate(cell.network, options, cell.input));
}

std::string simulated(const JointCell& cell, std::uint64_t samples) {
  JointOptions options = cell.options;
  options.samples = samples;
  return result_of(simulate_jointly(cell.network, options, cell.inputs));
}

/// Whether a new simulation of as many samples has all that is stored. What is stored may lack a law that later
/// versions compare with.
bool is_repeated(const StoredCell& stored) {
  const auto again = std::visit([&](const auto& one) { return simulated(one, stored.progress.samples); }, stored.cell);
  const auto found = nlohmann::json::parse(again);
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
