#include <Eigen/Dense>
#include <algorithm>
#include <limits>
#include <numbers>
#include <numeric>

#include "engine/dense_gradient.hpp"
#include "engine/engine.hpp"
#include "engine/layer_state.hpp"
#include "network/network_scales.hpp"
#include "network/scaled_activation.hpp"
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
        phi_(network),
        scales_(network, input) {
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
    if (network_.architecture().input_layer == InputLayer::kOrthogonal) scale_to_mean_square_1(z);
    std::vector<bool> negative(z.size(), false);
    LogScale scale;
    double log_unit = 0;  // ln of what keeping it in range has multiplied z by
    for (std::size_t l = 1; l <= network_.depth(); ++l) {
      LayerNorms norms = signed_norms(z, negative);
      log_unit += scale.keep_in_range(std::span<Real>(z), norms);
      const std::size_t element = (l - 1) * kBlock + lane;
      block.log_norm2[element] = scale.value() + std::log(norms.square / static_cast<double>(z.size()));
      DenseLayer<Real> layer_tape{z, negative, scale.value(), {}, {}};
      DenseProduct<Real> product{{}, read_by_branch(z, negative, norms)};
      const double read2 = mean_square(product.v);
      if (!is_linear_first_) record_activity(product.v, norms, read2, element, block);
      if (!is_linear_first_) product.v = activated(product.v);
      for (std::size_t inner = 1; inner < network_.branch_depth(); ++inner) {
        Vector h = multiply_hidden(weights, network_.branch_width(), product);
        if (gradients_) layer_tape.branch.push_back(std::move(product));
        if (is_linear_first_ && inner == 1) record_activity(h, signed_norms(h, {}), read2, element, block);
        product = {{}, activated(h)};
        layer_tape.branch_inner.push_back(std::move(h));
      }
      const Vector branch = multiply_hidden(weights, network_.width(l), product);
      if (gradients_) {
        layer_tape.branch.push_back(std::move(product));
        tape.push_back(std::move(layer_tape));
      }
      // A common factor of alpha and lambda goes to the scale, so that none overflows a float.
      const LayerScale& layer = scales_.layer(l);
      // Where the branch passes nothing, what a small skip scale leaves would be too small for a float.
      const bool frozen = layer.a != 0 && std::all_of(branch.begin(), branch.end(), [](Real x) { return x == 0; });
      scale.add(layer.log_r2 + (frozen ? 2 * layer.log_abs_a : 0));
      if (frozen) log_unit -= layer.log_abs_a;
      if (network_.is_normalized() && !frozen && log_unit != 0) {
        // A normalized branch, where it passes anything, does not follow z into another unit.
        for (Real& component : z) component = static_cast<Real>(static_cast<double>(component) * std::exp(-log_unit));
        scale.add(2 * log_unit);
        log_unit = 0;
      }
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

  /// A component of W v/sqrt(length of v).
  static Real row_product(const Vector& row, const Vector& v) {
    return static_cast<Real>(std::inner_product(row.begin(), row.end(), v.begin(), 0.0) /
                             std::sqrt(static_cast<double>(v.size())));
  }

  /// W v/sqrt(length of v), W a fresh matrix of normals, drawn row by row. W is kept if gradients need it.
  Vector multiply(PhiloxStream& weights, std::size_t rows, DenseProduct<Real>& product) const {
    const Vector& v = product.v;
    Vector result(rows);
    Vector row(v.size());
    for (Real& component : result) {
      fill_normals(weights, std::span<Real>(row));
      component = row_product(row, v);
      if (gradients_) product.W.push_back(row);
    }
    return result;
  }

  /// The same with the network's law of hidden weights.
  Vector multiply_hidden(PhiloxStream& weights, std::size_t rows, DenseProduct<Real>& product) const {
    switch (network_.architecture().weights) {
      case Weights::kGaussian:
        break;
      case Weights::kUniform:
        return multiply(product, uniform_rows(weights, rows, product.v.size()));
      case Weights::kOrthogonal:
        return multiply(product, orthogonal_rows(weights, rows));
    }
    return multiply(weights, rows, product);
  }

  Vector multiply(DenseProduct<Real>& product, std::vector<Vector> W) const {
    Vector result;
    result.reserve(W.size());
    for (const Vector& row : W) result.push_back(row_product(row, product.v));
    if (gradients_) product.W = std::move(W);
    return result;
  }

  static std::vector<Vector> uniform_rows(PhiloxStream& weights, std::size_t rows, std::size_t columns) {
    std::vector<Vector> W(rows, Vector(columns));
    for (Vector& row : W) {
      for (Real& weight : row) {
        const double uniform = (static_cast<double>(weights.next()[0]) + 0.5) * 0x1p-32;
        weight = static_cast<Real>(std::numbers::sqrt3 * (2 * uniform - 1));
      }
    }
    return W;
  }

  /// sqrt(n) times the Q of a Gaussian matrix's QR decomposition with a positive diagonal: uniformly distributed among
  /// orthogonal matrices (Mezzadri, "How to generate random matrices from the classical compact groups", 2007).
  static std::vector<Vector> orthogonal_rows(PhiloxStream& weights, std::size_t n) {
    const auto size = static_cast<Eigen::Index>(n);
    Eigen::MatrixXd gaussian(size, size);
    std::vector<double> column(n);
    for (Eigen::Index j = 0; j < size; ++j) {
      fill_normals(weights, std::span<double>(column));
      std::copy(column.begin(), column.end(), gaussian.col(j).begin());
    }
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(gaussian);
    Eigen::MatrixXd Q = qr.householderQ();
    std::vector<Vector> W(n, Vector(n));
    for (Eigen::Index j = 0; j < size; ++j) {
      const double scale = std::copysign(std::sqrt(static_cast<double>(n)), qr.matrixQR()(j, j));
      for (Eigen::Index i = 0; i < size; ++i) {
        W[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = static_cast<Real>(scale * Q(i, j));
      }
    }
    return W;
  }

  static void scale_to_mean_square_1(Vector& z) {
    const double factor = 1 / std::sqrt(mean_square(z));
    for (Real& component : z) component = static_cast<Real>(static_cast<double>(component) * factor);
  }

  static LayerNorms signed_norms(const Vector& z, const std::vector<bool>& negative) {
    LayerNorms norms;
    for (std::size_t i = 0; i < z.size(); ++i) norms.add(!negative.empty() && negative[i] ? -z[i] : z[i]);
    return norms;
  }

  /// s z, where branches are normalized of mean square 1.
  Vector read_by_branch(const Vector& z, const std::vector<bool>& negative, const LayerNorms& norms) const {
    Vector u(z.size());
    for (std::size_t i = 0; i < z.size(); ++i) u[i] = negative[i] ? -z[i] : z[i];
    if (network_.is_normalized() && norms.square > 0) scale_to_mean_square_1(u);
    return u;
  }

  Vector activated(const Vector& h) const {
    Vector result(h.size());
    for (std::size_t i = 0; i < h.size(); ++i) result[i] = phi_(h[i]);
    return result;
  }

  static double mean_square(const Vector& v) {
    return std::inner_product(v.begin(), v.end(), v.begin(), 0.0) / static_cast<double>(v.size());
  }

  /// What a branch's first activation, which sees h, does: S is how much more it passes than the mean square `read2`
  /// that the branch reads.
  void record_activity(const Vector& h, const LayerNorms& norms, double read2, std::size_t element,
                       Block& block) const {
    const double neurons = static_cast<double>(h.size());
    block.active[element] = static_cast<double>(norms.active) / neurons;
    if (phi_.is_homogeneous() && !is_linear_first_) {
      block.S[element] = norms.S(network_.asymmetry());
      return;
    }
    block.S[element] = mean_square(activated(h)) / read2 - 1;
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
  ScaledActivation phi_;
  NetworkScales scales_;
  bool is_linear_first_ = network_.architecture().branch == Branch::kLinearFirst;
};

}  // namespace

std::unique_ptr<const Engine> make_dense_engine(const Network& network, const Input& input, std::uint64_t seed,
                                                Precision precision, std::optional<OutputDirection> gradients) {
  if (precision == Precision::kFloat) return std::make_unique<DenseEngine<float>>(network, input, seed, gradients);
  return std::make_unique<DenseEngine<double>>(network, input, seed, gradients);
}

double gradient_bytes(const Network& network, Method method, Precision precision) {
  const double real = precision == Precision::kFloat ? sizeof(float) : sizeof(double);
  const double n = static_cast<double>(std::max(network.widths().largest(), network.architecture().branch_width));
  const double layers = static_cast<double>(network.depth() + 1);
  const double B = static_cast<double>(network.branch_depth());
  if (method == Method::kDense) return real * B * layers * n * n;
  return kBlock * layers * n * (real * B + (network.flip() > 0 ? 0.125 : 0));
}

}  // namespace initlaw
