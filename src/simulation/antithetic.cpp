#include "simulation/antithetic.hpp"

#include <array>
#include <cmath>

namespace initlaw {
namespace {

/// `plain` is over as many independent networks as there are pairs. Twice as many have half its variance.
double variance_reduction(const Estimate& plain, const Estimate& antithetic) {
  const double ratio = plain.std_error / antithetic.std_error;
  return ratio * ratio / 2;
}

}  // namespace

bool cannot_die(const Network& network) {
  if (network.leak() != 0) return true;
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    if (network.alpha(l) == 0) return false;
  }
  return true;
}

AntitheticSums::AntitheticSums(const Network& network, const Input& input)
    : log_input_(input.log_mean_square(network)),
      input_width_(static_cast<double>(network.width(0))),
      moments_(network.depth()) {
  const double b2 = network.asymmetry() * network.asymmetry();
  const double inner_layers = static_cast<double>(network.branch_depth() - 1);
  const NetworkScales scales(network);
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const double n = static_cast<double>(network.width(l));
    // Var phi(g)^2 = 2 + 3 b^2, of which an inner layer takes the mean over n.
    layers_.push_back({scales.layer(l), n, std::pow(1 + (2 + 3 * b2) / n, inner_layers)});
  }
}

// With R_l = ||z_l||^2/(r_l^2 ||z_{l-1}||^2), whose first two moments given S_{l-1} are known,
// sum_l (R_l - 1) - (R_l - 1)^2/2, each less its conditional mean but t S_{l-1}: docs/theory.md, eq. (17).
double AntitheticSums::control(const Block& block, std::size_t i) const {
  const double input_excess = std::expm1(block.log_norm2[i]);
  double sum = input_excess - (input_excess * input_excess - 2 / input_width_) / 2;
  for (std::size_t l = 1; l <= layers_.size(); ++l) {
    const auto& [scale, n, growth2] = layers_[l - 1];
    const double a2 = scale.a * scale.a;
    const double t = scale.t();
    const double growth = block.log_norm2[l * kBlock + i] - block.log_norm2[(l - 1) * kBlock + i] - scale.log_r2;
    const double excess = std::expm1(growth);  // R - 1
    const double S = block.S[(l - 1) * kBlock + i];
    const double u = t * (1 + S);
    // E R = a^2 + u, and E R^2 = a^4 + 2 a^2 u (1 + 2/n) + u^2 E growth^2 (1 + 2/n)
    const double mean = a2 + u;
    const double mean_square = a2 * a2 + (2 * a2 * u + u * u * growth2) * (1 + 2 / n);
    sum += (excess - t * S) - (excess * excess - (mean_square - 2 * mean + 1)) / 2;
  }
  return sum;
}

void AntitheticSums::add(const Block& block, const Block& mirrored, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double G = block.last_log_norm2()[i];
    const double mirrored_G = mirrored.last_log_norm2()[i];
    G_.add((G + mirrored_G - control(block, i) - control(mirrored, i)) / 2);
    // ln of the mean of e^G over the pair; the output layer's chi-square is replaced by its mean.
    second_moment_.add(log_input_ + std::max(G, mirrored_G) + std::log1p(std::exp(-std::abs(G - mirrored_G))) -
                       std::log(2.0));
  }
  std::array<double, kBlock> mean;
  const auto add_means = [&](const std::vector<double>& one, const std::vector<double>& other, std::size_t l,
                             Moments& moments) {
    for (std::size_t i = 0; i < count; ++i) mean[i] = (one[l * kBlock + i] + other[l * kBlock + i]) / 2;
    moments.add({mean.data(), count});
  };
  for (std::size_t l = 0; l < moments_.size(); ++l) {
    add_means(block.S, mirrored.S, l, moments_[l].S);
    add_means(block.active, mirrored.active, l, moments_[l].active);
  }
}

void AntitheticSums::merge(const AntitheticSums& other) {
  G_.merge(other.G_);
  second_moment_.merge(other.second_moment_);
  for (std::size_t l = 0; l < moments_.size(); ++l) {
    moments_[l].S.merge(other.moments_[l].S);
    moments_[l].active.merge(other.moments_[l].active);
  }
}

AntitheticEstimates AntitheticSums::estimates(const Ensemble& plain) const {
  const auto antithetic = [](const Estimate& estimate, const Estimate& of_plain) -> AntitheticEstimate {
    return {estimate, variance_reduction(of_plain, estimate)};
  };
  AntitheticEstimates result{.growth_mean = antithetic(G_.mean(), plain.growth.mean()),
                             .second_moment = antithetic(second_moment_.mean(), plain.second_moment.mean()),
                             .hypoactivation = {},
                             .active_fraction = {}};
  for (std::size_t l = 0; l < moments_.size(); ++l) {
    const double n = static_cast<double>(plain.network.width(l));
    const auto [S, std_error] = moments_[l].S.mean();
    result.hypoactivation.push_back(antithetic({n * S, n * std_error}, plain.layers[l].hypoactivation));
    result.active_fraction.push_back(antithetic(moments_[l].active.mean(), plain.layers[l].active_fraction));
  }
  return result;
}

}  // namespace initlaw
