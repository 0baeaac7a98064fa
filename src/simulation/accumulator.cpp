#include "simulation/accumulator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "network/network_scales.hpp"
#include "simulation/lag_products.hpp"

namespace initlaw {
namespace {

/// Of a block's networks. In a fixed order that vectors can add.
double sum(std::array<double, kBlock> x) {
  for (std::size_t half = kBlock / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) x[i] += x[i + half];
  }
  return x[0];
}

}  // namespace

Accumulator::Accumulator(const Network& network, const Input& input, std::vector<std::size_t> lags)
    : log_input_(input.log_mean_square(network)),
      log_outputs_(std::log(static_cast<double>(network.outputs()))),
      has_final_norm_(network.architecture().norm == Normalization::kFinal),
      log_growth_(output_growth(network, log_input_, NetworkScales(network, input).log_growth())),
      lags_(std::move(lags)),
      can_freeze_(can_freeze(network)),
      layers_(network.depth()),
      covariances_(lags_.size()) {
  for (std::size_t l = 0; l < network.depth(); ++l) {
    root_widths_.push_back(std::sqrt(static_cast<double>(network.width(l))));
  }
}

void Accumulator::add(const Block& block, std::size_t count) {
  std::vector<std::size_t> living;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::isinf(block.last_log_norm2()[i])) {
      ++dead_;
      for (LogMean* mean : {&second_moment_, &growth_, &growth_square_, &growth_cube_}) {
        mean->add(-std::numeric_limits<double>::infinity());
      }
    } else {
      living.push_back(i);
      add_output(block, i);
    }
  }
  std::array<double, kBlock> values_of_living{};
  const auto add_living = [&](const double* values, Moments& sums) {
    if (living.size() == kBlock) return sums.add({values, kBlock});
    for (std::size_t j = 0; j < living.size(); ++j) values_of_living[j] = values[living[j]];
    sums.add({values_of_living.data(), living.size()});
  };
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    add_living(&block.S[l * kBlock], layers_[l].S);
    add_living(&block.active[l * kBlock], layers_[l].active);
    add_living(&block.log_norm2[l * kBlock], layers_[l].log_norm2);
  }
  if (living.size() > 1 && !lags_.empty()) add_covariances(block, living);
}

void Accumulator::add_covariances(const Block& block, const std::vector<std::size_t>& living) {
  std::array<double, kBlock> lives{};
  for (const std::size_t i : living) lives[i] = 1;
  const double count = static_cast<double>(living.size());
  std::vector<double> deviations(block.S.size());
  for (std::size_t first = 0; first < deviations.size(); first += kBlock) {
    std::array<double, kBlock> S;
    for (std::size_t i = 0; i < kBlock; ++i) S[i] = block.S[first + i] * lives[i];
    const double mean = sum(S) / count;
    for (std::size_t i = 0; i < kBlock; ++i) deviations[first + i] = (S[i] - mean) * lives[i];
  }
  for (std::size_t lag = 0; lag < lags_.size(); ++lag) {
    covariances_[lag].add(sum(lag_products(deviations, root_widths_, lags_[lag])), count - 1);
  }
}

void Accumulator::add_output(const Block& block, std::size_t i) {
  const double G = block.last_log_norm2()[i];
  const double output_G = has_final_norm_ ? -log_input_ : G;
  const double log_output_norm2 = log_input_ + output_G + block.log_output_norm2[i];
  if (can_freeze_ && block.S[(layers_.size() - 1) * kBlock + i] == -1) ++frozen_;
  G_.add(G);
  log_output_norm2_.add(log_output_norm2);
  second_moment_.add(log_output_norm2 - log_outputs_);
  growth_.add(output_G);
  growth_square_.add(2 * output_G);
  growth_cube_.add(3 * output_G);
  output_.add(block.output[i] * std::exp((output_G - log_growth_) / 2));
}

void Accumulator::merge(const Accumulator& other) {
  dead_ += other.dead_;
  frozen_ += other.frozen_;
  G_.merge(other.G_);
  log_output_norm2_.merge(other.log_output_norm2_);
  output_.merge(other.output_);
  second_moment_.merge(other.second_moment_);
  growth_.merge(other.growth_);
  growth_square_.merge(other.growth_square_);
  growth_cube_.merge(other.growth_cube_);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    layers_[l].S.merge(other.layers_[l].S);
    layers_[l].active.merge(other.layers_[l].active);
    layers_[l].log_norm2.merge(other.layers_[l].log_norm2);
  }
  for (std::size_t i = 0; i < lags_.size(); ++i) covariances_[i].merge(other.covariances_[i]);
}

Ensemble Accumulator::ensemble(const Network& network, const Input& input, const SimulationOptions& options) const {
  Ensemble ensemble{.network = network,
                    .input = input,
                    .options = options,
                    .samples = samples(),
                    .dead = dead_,
                    .frozen = frozen_,
                    .growth = G_,
                    .log_output_norm2 = log_output_norm2_,
                    .second_moment = second_moment_,
                    .output_excess_kurtosis = output_excess_kurtosis(),
                    .output = output_,
                    .log_output_unit = (log_input_ + log_growth_) / 2,
                    .log_output_norm2_histogram = {},
                    .log_output_square_histogram = {},
                    .layers = {},
                    .interlayer_covariance = {},
                    .antithetic = {},
                    .gradients = {}};
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const double n = root_widths_[l] * root_widths_[l];
    const Estimate S = layers_[l].S.mean();
    const Estimate log_norm2 = layers_[l].log_norm2.mean();
    ensemble.layers.push_back({.hypoactivation = {n * S.value, n * S.std_error},
                               .active_fraction = layers_[l].active.mean(),
                               .log_norm2_mean = {log_norm2.value + log_input_ + std::log(n), log_norm2.std_error},
                               .log_norm2_variance = layers_[l].log_norm2.variance()});
  }
  for (std::size_t i = 0; i < lags_.size(); ++i) {
    ensemble.interlayer_covariance.push_back({.lag = lags_[i], .covariance = covariances_[i].ratio()});
  }
  return ensemble;
}

// With X = e^G: 3 E X^2/(E X)^2 - 3, whose relative error is by the delta method that of the mean of X^2/E X^2 - 2 X/E
// X.
Estimate Accumulator::output_excess_kurtosis() const {
  const double log_X = growth_.log_mean();
  const double log_X2 = growth_square_.log_mean();
  const double kurtosis = 3 * std::exp(log_X2 - 2 * log_X);
  constexpr double kMostShare = 0.1;
  if (growth_square_.largest_share() > kMostShare) return {kurtosis - 3, std::numeric_limits<double>::quiet_NaN()};
  const double covariance = std::expm1(growth_cube_.log_mean() - log_X2 - log_X) / static_cast<double>(samples() - 1);
  const double square = growth_square_.relative_error();
  const double mean = growth_.relative_error();
  return {kurtosis - 3, kurtosis * std::sqrt(std::max(0.0, square * square - 4 * covariance + 4 * mean * mean))};
}

}  // namespace initlaw
