#include <algorithm>
#include <limits>
#include <numeric>

#include "engine/dense_gradient.hpp"
#include "engine/engine.hpp"
#include "engine/layer_state.hpp"
#include "network/network_scales.hpp"
#include "random/scalar_normal.hpp"

namespace initlaw {
namespace {

/// The network as its definition says it (network.hpp), weight by weight and sign by sign. It shares no shortcut with
/// the fast engine: neither the O(n) step nor the gauge y = s z.
template <typename Real>
class DenseEngine final : public Engine {
 public:
  DenseEngine(const Network& network, const Input& input, std::uint64_t seed, std::optional<OutputDirection> gradients)
      : network_(network),
        input_(input.values(network)),
        log_input_(input.log_mean_square(network)),
        seed_(seed),
        gradients_(gradients),
        phi_(network.leak()),
        scales_(network) {
    // The input is scaled to mean square 1, so that no finite input overflows a float.
    for (double& component : input_) component *= std::exp(-log_input_ / 2);
  }

  Block run(std::uint64_t first, std::size_t count) const override {
    Block block(network_.depth());
    if (gradients_) block.gradients.emplace(network_.depth());
    for (std::size_t lane = 0; lane < count; ++lane) run_one(first + lane, block, lane);
    return block;
  }

 private:
  using Vector = std::vector<Real>;

  void run_one(std::uint64_t sample, Block& block, std::size_t lane) const {
    double& log_norm2 = block.log_norm2[network_.depth() * kBlock + lane];
    constexpr bool kFloat = sizeof(Real) == 4;
    PhiloxStream weights(seed_, sample, kFloat ? Purpose::kDenseFloatNormals : Purpose::kDenseDoubleNormals);
    PhiloxStream flips(seed_, sample, kFloat ? Purpose::kDenseFloatFlips : Purpose::kDenseDoubleFlips);
    DenseProduct<Real> first{{}, Vector(input_.begin(), input_.end())};
    std::vector<DenseLayer<Real>> tape;
    Vector z = multiply(weights, network_.width(0), first);
    std::vector<bool> negative(z.size(), false);
    LogScale scale;
    for (std::size_t l = 1; l <= network_.depth(); ++l) {
      LayerNorms norms = signed_norms(z, negative);
      scale.keep_in_range(std::span<Real>(z), norms);
      record(norms, scale, z.size(), (l - 1) * kBlock + lane, block);
      DenseLayer<Real> layer_tape{z, negative, scale.value(), {}, {}};
      DenseProduct<Real> product{{}, Vector(z.size())};
      for (std::size_t i = 0; i < z.size(); ++i) product.v[i] = phi_(negative[i] ? -z[i] : z[i]);
      for (std::size_t inner = 1; inner < network_.branch_depth(); ++inner) {
        Vector h = multiply(weights, z.size(), product);
        if (gradients_) layer_tape.branch.push_back(std::move(product));
        product = {{}, Vector(z.size())};
        for (std::size_t i = 0; i < z.size(); ++i) product.v[i] = phi_(h[i]);
        layer_tape.branch_inner.push_back(std::move(h));
      }
      const Vector branch = multiply(weights, network_.width(l), product);
      if (gradients_) {
        layer_tape.branch.push_back(std::move(product));
        tape.push_back(std::move(layer_tape));
      }
      // A common factor of alpha and lambda goes to the scale, so that none overflows a float.
      const LayerScale& layer = scales_.layer(l);
      // Where the branch passes nothing, what a small skip scale leaves would be too small for a float.
      const bool frozen = layer.a != 0 && std::all_of(branch.begin(), branch.end(), [](Real x) { return x == 0; });
      scale.add(layer.log_r2 + (frozen ? 2 * layer.log_abs_a : 0));
      const auto alpha = static_cast<Real>(frozen ? std::copysign(1.0, layer.a) : layer.a);
      const auto lambda = static_cast<Real>(layer.sqrt_t);
      z.resize(branch.size());
      for (std::size_t i = 0; i < z.size(); ++i) z[i] = alpha * z[i] + lambda * branch[i];
      flip_signs(flips, negative);
      negative.resize(z.size(), false);
      if (std::all_of(z.begin(), z.end(), [](Real component) { return component == 0; })) {
        log_norm2 = -std::numeric_limits<double>::infinity();
        return;
      }
    }
    const LayerNorms norms = signed_norms(z, negative);
    log_norm2 = scale.value() + std::log(norms.square / static_cast<double>(z.size()));
    DenseProduct<Real> last{{}, z};
    const Vector out = multiply(weights, network_.outputs(), last);
    const double unit = std::sqrt(norms.square / static_cast<double>(z.size()));
    block.output[lane] = static_cast<double>(out[0]) / unit;
    const double out_square = std::inner_product(out.begin(), out.end(), out.begin(), 0.0);
    block.log_output_norm2[lane] = std::log(out_square) - 2 * std::log(unit);
    if (!gradients_) return;
    DenseGradient<Real> gradient(network_, scales_, *gradients_, *block.gradients, lane);
    gradient.start(last.W[0], z, log_norm2);
    for (std::size_t l = network_.depth(); l > 0; --l) gradient.step(tape[l - 1], l);
    gradient.finish(first);
  }

  /// W v/sqrt(length of v), W a fresh matrix of normals, drawn row by row. W is kept if gradients need it.
  Vector multiply(PhiloxStream& weights, std::size_t rows, DenseProduct<Real>& product) const {
    const Vector& v = product.v;
    Vector result(rows);
    Vector row(v.size());
    for (Real& component : result) {
      fill_normals(weights, std::span<Real>(row));
      component = static_cast<Real>(std::inner_product(row.begin(), row.end(), v.begin(), 0.0) /
                                    std::sqrt(static_cast<double>(v.size())));
      if (gradients_) product.W.push_back(row);
    }
    return result;
  }

  static LayerNorms signed_norms(const Vector& z, const std::vector<bool>& negative) {
    LayerNorms norms;
    for (std::size_t i = 0; i < z.size(); ++i) norms.add(negative[i] ? -z[i] : z[i]);
    return norms;
  }

  void record(const LayerNorms& norms, const LogScale& scale, std::size_t width, std::size_t element,
              Block& block) const {
    const double n = static_cast<double>(width);
    block.log_norm2[element] = scale.value() + std::log(norms.square / n);
    block.S[element] = norms.S(network_.asymmetry());
    block.active[element] = static_cast<double>(norms.active) / n;
  }

  void flip_signs(PhiloxStream& flips, std::vector<bool>& negative) const {
    if (network_.flip() == 0) return;
    for (std::size_t i = 0; i < negative.size(); ++i) {
      const double uniform = std::ldexp(static_cast<double>(flips.next()[0]), -32);
      if (uniform < network_.flip()) negative[i] = !negative[i];
    }
  }

  Network network_;
  std::vector<double> input_;
  double log_input_;
  std::uint64_t seed_;
  std::optional<OutputDirection> gradients_;
  Activation phi_;
  NetworkScales scales_;
};

}  // namespace

std::unique_ptr<const Engine> make_dense_engine(const Network& network, const Input& input, std::uint64_t seed,
                                                Precision precision, std::optional<OutputDirection> gradients) {
  if (precision == Precision::kFloat) return std::make_unique<DenseEngine<float>>(network, input, seed, gradients);
  return std::make_unique<DenseEngine<double>>(network, input, seed, gradients);
}

double gradient_bytes(const Network& network, Method method, Precision precision) {
  const double real = precision == Precision::kFloat ? sizeof(float) : sizeof(double);
  const double n = static_cast<double>(network.widths().largest());
  const double layers = static_cast<double>(network.depth() + 1);
  const double B = static_cast<double>(network.branch_depth());
  if (method == Method::kDense) return real * B * layers * n * n;
  return kBlock * layers * n * (real * B + (network.flip() > 0 ? 0.125 : 0));
}

}  // namespace initlaw
