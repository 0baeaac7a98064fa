#include "monte_carlo/accumulator.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "monte_carlo/lag_products.hpp"
#include "network/layer_scale.hpp"

namespace initlaw {

Accumulator::Accumulator(const Network& network, const Input& input, std::vector<std::size_t> lags)
    : log_input_(input.log_mean_square(network)),
      log_outputs_(std::log(static_cast<double>(network.outputs()))),
      log_growth_(0),
      lags_(std::move(lags)),
      can_freeze_(network.flip() == 0),
      layers_(network.depth()),
      lag_products_(lags_.size()) {
  for (std::size_t l = 0; l < network.depth(); ++l) {
    log_growth_ += layer_scale(network, l + 1).log_r2;
    root_widths_.push_back(std::sqrt(static_cast<double>(network.width(l))));
  }
}

void Accumulator::add(const Block& block, std::size_t count) {
  std::vector<std::size_t> living;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::isinf(block.last_log_norm2()[i])) {
      ++dead_;
      for (LogMean* mean : {&second_moment_, &growth_, &growth_square_}) {
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
  for (std::size_t lag = 0; lag < lags_.size(); ++lag) {
    add_living(lag_products(block.S, root_widths_, lags_[lag]).data(), lag_products_[lag]);
  }
}

void Accumulator::add_output(const Block& block, std::size_t i) {
  const double G = block.last_log_norm2()[i];
  const double log_output_norm2 = log_input_ + G + block.log_output_norm2[i];
  if (can_freeze_ && block.S[(layers_.size() - 1) * kBlock + i] == -1) ++frozen_;
  G_.add(G);
  log_output_norm2_.add(log_output_norm2);
  second_moment_.add(log_output_norm2 - log_outputs_);
  growth_.add(G);
  growth_square_.add(2 * G);
  output_.add(block.output[i] * std::exp((G - log_growth_) / 2));
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
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    layers_[l].S.merge(other.layers_[l].S);
    layers_[l].active.merge(other.layers_[l].active);
    layers_[l].log_norm2.merge(other.layers_[l].log_norm2);
  }
  for (std::size_t i = 0; i < lags_.size(); ++i) lag_products_[i].merge(other.lag_products_[i]);
}

Ensemble Accumulator::ensemble(const Network& network, const Input& input, const Plan& plan) const {
  Ensemble ensemble{.network = network,
                    .input = input,
                    .plan = plan,
                    .samples = samples(),
                    .dead = dead_,
                    .frozen = frozen_,
                    .G = G_,
                    .log_output_norm2 = log_output_norm2_,
                    .second_moment = second_moment_,
                    .output_excess_kurtosis = output_excess_kurtosis(),
                    .output = output_,
                    .log_output_unit = (log_input_ + log_growth_) / 2,
                    .log_output_norm2_histogram = {},
                    .log_output_square_histogram = {},
                    .layers = {},
                    .interlayer_covariance = {},
                    .paired = {},
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
  for (std::size_t i = 0; i < lags_.size(); ++i) ensemble.interlayer_covariance.push_back(covariance(i));
  return ensemble;
}

LagCovariance Accumulator::covariance(std::size_t i) const {
  const std::size_t pairs = layers_.size() - lags_[i];
  double product_of_means = 0;
  for (std::size_t m = 0; m < pairs; ++m) {
    const std::size_t l = m + lags_[i];
    product_of_means += root_widths_[m] * root_widths_[l] * layers_[m].S.mean().value * layers_[l].S.mean().value;
  }
  const auto [mean_product, std_error] = lag_products_[i].mean();
  const double count = static_cast<double>(G_.count());
  const double value = (mean_product - product_of_means / static_cast<double>(pairs)) * count / (count - 1);
  return {.lag = lags_[i], .covariance = {value, std_error}};
}

Estimate Accumulator::output_excess_kurtosis() const {
  const double kurtosis = 3 * std::exp(growth_square_.log_mean() - 2 * growth_.log_mean());
  return {kurtosis - 3, kurtosis * std::hypot(growth_square_.relative_error(), 2 * growth_.relative_error())};
}

}  // namespace initlaw
