#include "simulation/gradient_sums.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/output_range.hpp"

namespace initlaw {

GradientHistograms gradient_histograms(const Network& network, const Input& input) {
  const double log_input = input.log_mean_square(network);
  const double weights = static_cast<double>(network.depth() * network.branch_depth() + 2);
  return {log_norm_histogram(network, input, 0, 1), log_norm_histogram(network, input, 0, 1),
          log_norm_histogram(network, input, log_input + std::log(weights), 1)};
}

GradientSums::GradientSums(const Network& network, const Input& input)
    : log_input_(input.log_mean_square(network)), layers_(network.depth() + 1) {}

std::vector<GradientSums::Logarithms> GradientSums::add(const Block& block, std::size_t count) {
  const GradientBlock& gradients = *block.gradients;
  const std::size_t depth = layers_.size() - 1;
  std::vector<Logarithms> result;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::isinf(block.last_log_norm2()[i])) continue;
    const auto log_norm2 = [&](std::size_t l) { return gradients.log_norm2[l * kBlock + i]; };
    const auto log_weight2 = [&](std::size_t l) { return gradients.log_weight2[l * kBlock + i]; };
    if (std::isinf(log_norm2(0))) {
      ++vanished_;
      continue;
    }
    double unit = log_weight2(0);
    for (std::size_t l = 1; l <= depth + 1; ++l) unit = std::max(unit, log_weight2(l));
    double sum = 0;
    for (std::size_t l = 0; l <= depth + 1; ++l) sum += std::exp(log_weight2(l) - unit);
    const double log_ntk = unit + std::log(sum);
    for (std::size_t l = 0; l <= depth; ++l) {
      layers_[l].log_norm2.add(log_norm2(l));
      if (!std::isinf(log_weight2(l))) layers_[l].log_weight2.add(log_input_ + log_weight2(l));
      layers_[l].share.add(std::exp(log_weight2(l) - log_ntk));
    }
    output_share_.add(std::exp(log_weight2(depth + 1) - log_ntk));
    const double input_norm2 = gradients.log_input_norm2[i];
    result.push_back(
        {.growth = log_norm2(0) - log_norm2(depth), .input_norm2 = input_norm2, .ntk = log_input_ + log_ntk});
    growth_.add(result.back().growth);
    growth_and_G_.add(result.back().growth, block.last_log_norm2()[i]);
    if (!std::isinf(input_norm2)) log_input_norm2_.add(input_norm2);
    log_ntk_.add(result.back().ntk);
    ntk_.add(result.back().ntk);
  }
  return result;
}

void GradientSums::merge(const GradientSums& other) {
  vanished_ += other.vanished_;
  growth_.merge(other.growth_);
  growth_and_G_.merge(other.growth_and_G_);
  log_input_norm2_.merge(other.log_input_norm2_);
  log_ntk_.merge(other.log_ntk_);
  ntk_.merge(other.ntk_);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    layers_[l].log_norm2.merge(other.layers_[l].log_norm2);
    layers_[l].log_weight2.merge(other.layers_[l].log_weight2);
    layers_[l].share.merge(other.layers_[l].share);
  }
  output_share_.merge(other.output_share_);
}

std::optional<Gradients> GradientSums::gradients(GradientHistograms histograms) const {
  if (growth_.count() + vanished_ == 0) return std::nullopt;
  Gradients result{.vanished = vanished_,
                   .growth = growth_,
                   .correlation_with_growth = growth_and_G_.correlation(),
                   .log_input_norm2 = log_input_norm2_,
                   .log_ntk = log_ntk_,
                   .ntk = ntk_,
                   .layers = {},
                   .output_ntk_share = output_share_.mean(),
                   .growth_histogram = std::move(histograms.growth),
                   .log_input_norm2_histogram = std::move(histograms.log_input_norm2),
                   .log_ntk_histogram = std::move(histograms.log_ntk)};
  for (const Layer& layer : layers_) {
    result.layers.push_back({.log_norm2_mean = layer.log_norm2.mean(),
                             .log_norm2_variance = layer.log_norm2.variance(),
                             .log_weight2_mean = layer.log_weight2.mean(),
                             .log_weight2_variance = layer.log_weight2.variance(),
                             .ntk_share = layer.share.mean()});
  }
  return result;
}

}  // namespace initlaw
