#include "reproduction/claims/building_blocks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "reproduction/extrapolation.hpp"

namespace initlaw {

void Experiments::add(const Network& network, Estimator estimator, double least_samples) {
  const std::size_t inputs = setting_.input.size();
  const auto steps = static_cast<double>(network.width(0) * (network.depth() + 1));
  const double pairs = std::clamp(std::floor(setting_.effort / steps / 2), least_samples / 2, 500'000.0);
  experiments_.push_back(
      {inputs > 0 ? network.with_inputs(inputs) : network,
       {.samples = 2 * static_cast<std::uint64_t>(pairs), .seed = next_seed_++, .estimator = estimator}});
}

void Experiments::add_with_gradients(const Network& network, OutputDirection direction) {
  add(network);
  experiments_.back().options.samples /= 3;
  experiments_.back().options.gradients = direction;
}

void Experiments::add_joint(const Network& network, const std::vector<std::vector<double>>& inputs,
                            double least_samples, double most_samples) {
  const auto steps = static_cast<double>(network.width(0) * (network.depth() + 1));
  const double samples = std::clamp(std::floor(setting_.effort / steps / 4), least_samples, most_samples);
  JointOptions options;
  options.samples = static_cast<std::uint64_t>(samples);
  options.seed = next_seed_++;
  options.layers = {network.depth()};
  joint_experiments_.push_back({network, std::move(options), inputs});
}

double aspect_ratio(const Network& network) {
  return static_cast<double>(network.depth()) / static_cast<double>(network.width(0));
}

Estimate operator-(const Estimate& estimate, double number) { return {estimate.value - number, estimate.std_error}; }

Estimate operator*(const Estimate& estimate, double factor) {
  return {estimate.value * factor, estimate.std_error * std::abs(factor)};
}

Estimate operator-(const Estimate& a, const Estimate& b) {
  return {a.value - b.value, std::hypot(a.std_error, b.std_error)};
}

Estimate ks(const Ensemble& ensemble, const Law& law) {
  const auto living = static_cast<double>(ensemble.samples - ensemble.dead);
  return {kolmogorov_smirnov(ensemble, law).value, 0.5 / std::sqrt(living)};
}

Point point(double x, const Estimate& estimate) { return {x, estimate.value, estimate.std_error}; }

std::string cell(const Estimate& estimate) {
  return fmt::format("{:.4g} ± {:.1g}", estimate.value, estimate.std_error);
}

std::string cell(double number) { return fmt::format("{:.4g}", number); }

Check vanishes(std::string what, const std::vector<const Ensemble*>& alike, const Deviation& deviation) {
  std::vector<AtWidth> measurements;
  measurements.reserve(alike.size());
  for (const Ensemble* ensemble : alike) {
    measurements.push_back({static_cast<double>(ensemble->network.width(0)), deviation(*ensemble)});
  }
  return is_zero(std::move(what) + ", simulated less predicted, at infinite width", extrapolate(measurements));
}

Deviation mean_deviation(const Theory& theory) {
  return [&theory](const Ensemble& ensemble) {
    return (ensemble.antithetic ? ensemble.antithetic->growth_mean.estimate : ensemble.growth.mean()) -
           theory.growth(ensemble.network).back().mean;
  };
}

Deviation variance_deviation(const Theory& theory) {
  return [&theory](const Ensemble& ensemble) {
    return ensemble.growth.variance() - theory.growth(ensemble.network).back().variance;
  };
}

Deviation hypoactivation_deviation(const Theory& theory) {
  return [&theory](const Ensemble& ensemble) {
    const std::size_t last = ensemble.network.depth() - 1;
    return ensemble.hypoactivation(last) - theory.hypoactivation(ensemble.network)[last];
  };
}

std::vector<std::vector<const Ensemble*>> groups(const std::vector<Ensemble>& ensembles, std::size_t size) {
  std::vector<std::vector<const Ensemble*>> result;
  for (std::size_t i = 0; i < ensembles.size(); ++i) {
    if (i % size == 0) result.emplace_back();
    result.back().push_back(&ensembles[i]);
  }
  return result;
}

}  // namespace initlaw
