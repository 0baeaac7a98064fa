#include "splitting/particle_splitting.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

#include "engine/engine.hpp"
#include "random/normals.hpp"
#include "random/philox.hpp"

namespace initlaw {
namespace {

using Lanes = std::array<double, kBlock>;

/// kBlock networks side by side: y_l = s_l z_l as in the fast engine, up to a factor that is kept in log_scale.
struct Networks {
  explicit Networks(std::size_t widest) : y(widest * kBlock) {}

  std::vector<double> y;  ///< element [k * kBlock + i] is neuron k of network i
  Lanes log_scale{};
  Lanes log_norm2{};  ///< ln(||z||^2/n) - ln(||x||^2/n_in)
  Lanes mean_square{};
  Lanes S{};
};

/// How the normals of a layer are drawn: g = along z + sigma xi + shift, xi ~ N(0, I), where ||z||^2 = n.
struct NormalTilt {
  double along = 0;
  double sigma = 1;
  double shift = 0;
};
using NormalTilts = std::array<NormalTilt, kBlock>;

/// The expected ||y||^2/(n sigma^2), y = skip z + residual g, of normals tilted without shift.
double tilted_growth(double per_neuron, double skip, double residual) {
  const double sum = skip * skip + residual * residual;
  return (sum + std::sqrt(sum * sum + 4 * per_neuron * skip * skip * residual * residual)) / 2;
}

/// About the law of the normals under the weight e^{theta (ln||y||^2 + kappa S(y))}, y = skip z + residual g, where
/// per_neuron is 2 theta/n. Source: docs/theory.md, "Far tails".
NormalTilt tilt_of(double per_neuron, double kappa, double skip, double residual) {
  if (!(per_neuron > 0) || residual == 0) return {};
  const double growth = tilted_growth(per_neuron, skip, residual);
  const double variance = 1 + per_neuron * residual * residual / growth;
  const double slope = std::sqrt(2 / std::numbers::pi) * per_neuron * kappa * residual / std::sqrt(growth);
  const double x = slope / (1 + std::abs(slope));
  const double sigma = std::sqrt(std::max(1.0, variance / (1 + x * x)));
  return {.along = per_neuron * skip * residual / growth, .sigma = sigma, .shift = x * sigma};
}

class ParticleSystem {
 public:
  ParticleSystem(const Network& network, const Tilt& tilt, std::uint64_t seed, std::uint64_t index)
      : network_(network),
        scales_(network),
        tilt_(tilt),
        seed_(seed),
        index_(index),
        blocks_(particle_count(network) / kBlock, Networks(network.widths().largest())),
        log_weight_(particle_count(network), 0.0),
        log_tilt_(particle_count(network), 0.0) {}

  WeightedGrowth run() {
    for (std::size_t b = 0; b < blocks_.size(); ++b) start(b);
    for (std::size_t l = 1; l <= network_.depth(); ++l) {
      weigh(l - 1);
      if (uneven()) resample(l - 1);
      for (std::size_t b = 0; b < blocks_.size(); ++b) step(b, l);
    }
    WeightedGrowth result;
    for (std::size_t i = 0; i < size(); ++i) {
      result.growth.push_back(of(i).log_norm2[i % kBlock]);
      // The networks carry the tilt of layer d - 1; without it they count as they are.
      const bool dead = std::isinf(log_tilt_[i]);
      result.log_weight.push_back(dead ? log_tilt_[i] : log_mean_weight_ + log_weight_[i] - log_tilt_[i]);
    }
    return result;
  }

 private:
  std::size_t size() const { return log_weight_.size(); }
  Networks& of(std::size_t i) { return blocks_[i / kBlock]; }

  /// A number that no other block of this seed has at any layer, in units of blocks.
  std::uint64_t stream(std::size_t block, std::size_t l) const {
    return (index_ * (network_.depth() + 1) + l) * blocks_.size() + block;
  }

  /// At least `count` normals for each network of a block.
  std::vector<double> draw(std::size_t block, std::size_t l, std::size_t count) const {
    return draw_normals_double(seed_, Purpose::kSplittingNormals, stream(block, l), (count + 3) / 4);
  }

  void measure(Networks& networks, std::size_t width) const {
    Lanes square{};
    Lanes signed_square{};
    for (std::size_t k = 0; k < width; ++k) {
      for (std::size_t i = 0; i < kBlock; ++i) {
        const double y = networks.y[k * kBlock + i];
        square[i] += y * y;
        signed_square[i] += y * std::abs(y);
      }
    }
    for (std::size_t i = 0; i < kBlock; ++i) {
      networks.mean_square[i] = square[i] / static_cast<double>(width);
      networks.log_norm2[i] = networks.log_scale[i] + std::log(networks.mean_square[i]);
      networks.S[i] = square[i] > 0 ? network_.asymmetry() * (signed_square[i] / square[i]) : 0;
    }
  }

  void start(std::size_t block) {
    const std::size_t width = network_.width(0);
    std::vector<double> normals = draw(block, 0, width);
    Networks& networks = blocks_[block];
    NormalTilts tilts;
    tilts.fill(tilt_of(per_neuron(0), kappa(0), 0, 1));
    tilt(block, std::span(normals).first(width * kBlock), tilts);
    std::copy_n(normals.begin(), width * kBlock, networks.y.begin());
    measure(networks, width);
  }

  double per_neuron(std::size_t l) const { return 2 * tilt_.theta / static_cast<double>(network_.width(l)); }
  /// What S_l counts for, beside G_l.
  double kappa(std::size_t l) const { return l < network_.depth() ? network_.asymmetry() * tilt_.kappa[l] : 0; }

  /// Makes a layer's independent normals tilted ones, and the networks' weights what the ratio of the densities says.
  void tilt(std::size_t block, std::span<double> normals, const NormalTilts& tilts) {
    const Networks& networks = blocks_[block];
    Lanes log_ratio{};
    for (std::size_t k = 0; k < normals.size(); k += kBlock) {
      for (std::size_t i = 0; i < kBlock; ++i) {
        const double xi = normals[k + i];
        const double g = tilts[i].along * networks.y[k + i] + tilts[i].sigma * xi + tilts[i].shift;
        log_ratio[i] += (xi - g) * (xi + g);
        normals[k + i] = g;
      }
    }
    const std::size_t neurons = normals.size() / kBlock;
    const auto width = static_cast<double>(neurons);
    for (std::size_t i = 0; i < kBlock; ++i) {
      log_weight_[block * kBlock + i] += log_ratio[i] / 2 + width * std::log(tilts[i].sigma);
    }
  }

  void step(std::size_t block, std::size_t l) {
    const LayerScale& layer = scales_.layer(l);
    const std::size_t width = network_.width(l);
    const std::size_t inner_layers = network_.branch_depth() - 1;
    std::vector<double> normals = draw(block, l, (inner_layers + 1) * width);
    const auto layer_normals = [&](std::size_t j) {
      return std::span(normals).subspan(j * width * kBlock, width * kBlock);
    };
    Networks& networks = blocks_[block];
    flip(networks, block, l);
    Lanes skip{};
    Lanes residual{};
    for (std::size_t i = 0; i < kBlock; ++i) {
      const double mean_square = networks.mean_square[i];
      if (mean_square == 0) continue;
      // ||z_{l-1}||^2/n becomes 1.
      networks.log_scale[i] += layer.log_r2 + std::log(mean_square);
      skip[i] = layer.a / std::sqrt(mean_square);
      residual[i] = layer.sqrt_t * std::sqrt(std::max(0.0, 1 + networks.S[i]));
    }
    // A residual grows with its inner layers by the share that it has in the layer.
    for (std::size_t inner = 1; inner <= inner_layers; ++inner) {
      NormalTilts tilts;
      for (std::size_t i = 0; i < kBlock; ++i) {
        if (residual[i] == 0) continue;
        const double share = residual[i] * residual[i] / tilted_growth(per_neuron(l), layer.a, residual[i]);
        tilts[i] = tilt_of(share * per_neuron(l), network_.asymmetry(), 0, 1);
      }
      tilt(block, layer_normals(inner), tilts);
      for (std::size_t i = 0; i < kBlock; ++i) residual[i] *= std::sqrt(mean_phi2(layer_normals(inner), i));
    }
    NormalTilts tilts;
    for (std::size_t i = 0; i < kBlock; ++i) {
      if (networks.mean_square[i] == 0) continue;
      tilts[i] = tilt_of(per_neuron(l), kappa(l), layer.a, residual[i]);
      tilts[i].along /= std::sqrt(networks.mean_square[i]);
    }
    tilt(block, layer_normals(0), tilts);
    for (std::size_t k = 0; k < width; ++k) {
      for (std::size_t i = 0; i < kBlock; ++i) {
        double& y = networks.y[k * kBlock + i];
        y = skip[i] * y + residual[i] * normals[k * kBlock + i];
      }
    }
    measure(networks, width);
  }

  /// The mean of phi(g)^2 over network i's normals.
  double mean_phi2(std::span<const double> normals, std::size_t i) const {
    double sum = 0;
    for (std::size_t k = i; k < normals.size(); k += kBlock) {
      const double g = normals[k];
      sum += g * g + network_.asymmetry() * g * std::abs(g);
    }
    const std::size_t neurons = normals.size() / kBlock;
    return sum / static_cast<double>(neurons);
  }

  void flip(Networks& networks, std::size_t block, std::size_t l) const {
    if (network_.flip() == 0) return;
    for (std::size_t i = 0; i < kBlock; ++i) {
      PhiloxStream bits(seed_, stream(block, l) * kBlock + i, Purpose::kSplittingFlips);
      for (std::size_t k = 0; k < network_.width(l); ++k) {
        if (std::ldexp(static_cast<double>(bits.next()[0]), -32) >= network_.flip()) continue;
        networks.y[k * kBlock + i] = -networks.y[k * kBlock + i];
      }
    }
  }

  void weigh(std::size_t l) {
    for (std::size_t i = 0; i < size(); ++i) {
      if (std::isinf(log_tilt_[i])) continue;
      const Networks& networks = of(i);
      const std::size_t lane = i % kBlock;
      const double growth = networks.log_norm2[lane] + growth_to_come(l, networks.S[lane]);
      const double tilt = std::isinf(growth) ? growth : tilt_.theta * growth;
      log_weight_[i] += tilt - log_tilt_[i];
      log_tilt_[i] = tilt;
    }
  }

  /// What S_l adds to the expected growth, -infinity if nothing is left to grow.
  double growth_to_come(std::size_t l, double S) const {
    const double t = scales_.layer(l + 1).t();
    return t > 0 ? tilt_.kappa[l] / t * std::log1p(t * S) : tilt_.kappa[l] * S;
  }

  double largest_log_weight() const { return *std::max_element(log_weight_.begin(), log_weight_.end()); }

  /// True if the effective number of networks, (sum w)^2 / sum w^2, is below half of them.
  bool uneven() const {
    const double unit = largest_log_weight();
    if (std::isinf(unit)) return false;
    double sum = 0;
    double sum_squares = 0;
    for (const double log_weight : log_weight_) {
      const double weight = std::exp(log_weight - unit);
      sum += weight;
      sum_squares += weight * weight;
    }
    return sum * sum < 0.5 * static_cast<double>(size()) * sum_squares;
  }

  /// Replaces the networks by equally weighted ones, each present as often as its weight asks for, to within one.
  void resample(std::size_t l) {
    const double unit = largest_log_weight();
    std::vector<double> sums;
    double sum = 0;
    for (const double log_weight : log_weight_) sums.push_back(sum += std::exp(log_weight - unit));
    const double step = sum / static_cast<double>(size());
    const auto bits = PhiloxStream(seed_, stream(0, l) * kBlock, Purpose::kSplittingResampling).next();
    double point = (static_cast<double>(bits[0]) + 0.5) * 0x1p-32 * step;

    std::vector<Networks> next(blocks_.size(), Networks(blocks_[0].y.size() / kBlock));
    std::vector<double> favours(size());
    for (std::size_t i = 0, parent = 0; i < size(); ++i, point += step) {
      while (parent + 1 < size() && sums[parent] <= point) ++parent;
      copy_network(of(parent), parent % kBlock, next[i / kBlock], i % kBlock, network_.width(l));
      favours[i] = log_tilt_[parent];
    }
    blocks_ = std::move(next);
    log_tilt_ = std::move(favours);
    log_mean_weight_ += unit + std::log(step);
    std::fill(log_weight_.begin(), log_weight_.end(), 0.0);
  }

  static void copy_network(const Networks& from, std::size_t i, Networks& to, std::size_t j, std::size_t width) {
    for (std::size_t k = 0; k < width; ++k) to.y[k * kBlock + j] = from.y[k * kBlock + i];
    to.log_scale[j] = from.log_scale[i];
    to.log_norm2[j] = from.log_norm2[i];
    to.mean_square[j] = from.mean_square[i];
    to.S[j] = from.S[i];
  }

  const Network& network_;
  NetworkScales scales_;
  const Tilt& tilt_;
  std::uint64_t seed_;
  std::uint64_t index_;
  std::vector<Networks> blocks_;
  std::vector<double> log_weight_;
  std::vector<double> log_tilt_;  ///< that has gone into the weight
  double log_mean_weight_ = 0;    ///< that resampling has taken out of the weights
};

}  // namespace

// To first order a layer grows by t_{l+1} S_l, and S_{l+1} is a_{l+1} S_l on average, less with flips.
Tilt make_tilt(const Network& network, double theta) {
  Tilt tilt{theta, std::vector<double>(network.depth())};
  const NetworkScales scales(network);
  double next = 0;
  for (std::size_t l = network.depth(); l-- > 0;) {
    const LayerScale& layer = scales.layer(l + 1);
    next = layer.t() + layer.a * (1 - 2 * network.flip()) * next;
    tilt.kappa[l] = next;
  }
  return tilt;
}

std::size_t particle_count(const Network& network) {
  return kBlock * std::clamp<std::size_t>((std::size_t{1} << 16) / network.widths().largest(), 4, 64);
}

double particle_system_bytes(const Network& network) {
  // Resampling copies the networks.
  constexpr double kCopies = 2;
  const auto normals = static_cast<double>(network.branch_depth() * kBlock);
  const auto networks = static_cast<double>(particle_count(network));
  return sizeof(double) * static_cast<double>(network.widths().largest()) * (kCopies * networks + normals);
}

WeightedGrowth split_particles(const Network& network, const Tilt& tilt, std::uint64_t seed, std::uint64_t index) {
  return ParticleSystem(network, tilt, seed, index).run();
}

}  // namespace initlaw
