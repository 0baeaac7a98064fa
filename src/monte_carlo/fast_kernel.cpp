#include <limits>

#include "monte_carlo/kernel.hpp"
#include "monte_carlo/layer_state.hpp"
#include "monte_carlo/normal.hpp"
#include "network/layer_scale.hpp"

namespace initlaw {
namespace {

/// Layer updates in terms of y_l = s_l z_l (neuron by neuron), where s_l are the signs: as the residual term is normal
/// and symmetric,
///
///     y_l = a_l f_l y_{l-1} + sqrt(t_l/n) ||phi(y_{l-1})|| g_l,      f_l = s_l s_{l-1} = -1 with probability `flip`,
///
/// has the law of the network's step divided by r_l. The factors r_l are accounted for in the log-norm.
template <typename Real>
class FastKernel final : public Kernel {
 public:
  FastKernel(const Network& network, std::uint64_t seed)
      : network_(network), seed_(seed), flip_threshold_(std::ldexp(network.flip(), 32)) {
    for (std::size_t l = 1; l <= network.depth(); ++l) layers_.push_back(layer_scale(network, l));
  }

  std::vector<Trajectory> run(std::uint64_t first, std::size_t count) const override {
    std::vector<Trajectory> trajectories;
    trajectories.reserve(count);
    for (std::size_t i = 0; i < count; ++i) trajectories.push_back(run_one(first + i));
    return trajectories;
  }

 private:
  Trajectory run_one(std::uint64_t sample) const {
    Trajectory trajectory(network_.depth());
    PhiloxStream normals(seed_, sample, Purpose::kNormals);
    PhiloxStream flips(seed_, sample, Purpose::kFlips);
    std::vector<Real> y(network_.width(0));
    std::vector<Real> g;
    const double b = network_.asymmetry();

    fill_normals(normals, std::span<Real>(y));
    LayerNorms norms;
    for (const Real component : y) norms.add(component);
    LogScale scale;
    for (std::size_t l = 1; l <= network_.depth(); ++l) {
      const LayerScale& layer = layers_[l - 1];
      const double n_before = static_cast<double>(y.size());
      const double S = norms.S(b);
      trajectory.log_norm2[l - 1] = scale.value() + std::log(norms.square / n_before);
      trajectory.S[l - 1] = S;
      trajectory.active[l - 1] = static_cast<double>(norms.active) / n_before;

      const double branch2 = norms.square * (1 + S) * branch_growth(normals, g);
      const auto residual = static_cast<Real>(layer.sqrt_t * std::sqrt(branch2 / n_before));
      g.resize(network_.width(l));
      fill_normals(normals, std::span<Real>(g));
      y.resize(g.size());
      const auto a = static_cast<Real>(layer.a);
      if (network_.flip() > 0 && layer.a != 0) flip_signs(flips, y);
      norms = {};
      for (std::size_t i = 0; i < y.size(); ++i) {
        y[i] = a * y[i] + residual * g[i];
        norms.add(y[i]);
      }
      scale.add(layer.log_r2);
      if (norms.square == 0) {
        trajectory.log_norm2.back() = -std::numeric_limits<double>::infinity();
        return trajectory;
      }
      scale.keep_in_range(std::span<Real>(y), norms);
    }
    trajectory.log_norm2.back() = scale.value() + std::log(norms.square / static_cast<double>(y.size()));
    sample_output(normals, trajectory);
    return trajectory;
  }

  /// The factor by which the branch's inner layers change ||phi||^2: each maps it to the mean of phi(g)^2.
  double branch_growth(PhiloxStream& normals, std::vector<Real>& g) const {
    double growth = 1;
    for (std::size_t inner = 1; inner < network_.branch_depth(); ++inner) {
      g.resize(network_.width(1));
      fill_normals(normals, std::span<Real>(g));
      LayerNorms norms;
      for (const Real component : g) norms.add(component);
      growth *= (norms.square + network_.asymmetry() * norms.signed_square) / static_cast<double>(g.size());
    }
    return growth;
  }

  void flip_signs(PhiloxStream& flips, std::vector<Real>& y) const {
    for (std::size_t i = 0; i < y.size(); i += 4) {
      const auto bits = flips.next();
      for (std::size_t j = 0; j < 4 && i + j < y.size(); ++j) {
        if (static_cast<double>(bits[j]) < flip_threshold_) y[i + j] = -y[i + j];
      }
    }
  }

  void sample_output(PhiloxStream& normals, Trajectory& trajectory) const {
    std::vector<double> g(network_.outputs());
    fill_normals(normals, std::span<double>(g));
    double square = 0;
    for (const double component : g) square += component * component;
    trajectory.output = g[0];
    trajectory.log_output_norm2 = std::log(square);
  }

  Network network_;
  std::uint64_t seed_;
  double flip_threshold_;
  std::vector<LayerScale> layers_;
};

}  // namespace

std::unique_ptr<const Kernel> make_fast_kernel(const Network& network, std::uint64_t seed, Precision precision) {
  if (precision == Precision::kFloat) return std::make_unique<FastKernel<float>>(network, seed);
  return std::make_unique<FastKernel<double>>(network, seed);
}

}  // namespace initlaw
