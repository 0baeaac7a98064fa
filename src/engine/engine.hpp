#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "initlaw/input.hpp"
#include "initlaw/network.hpp"
#include "initlaw/simulate.hpp"
#include "random/block_size.hpp"

namespace initlaw {

/// The gradients of a block's networks: of one output f. A gradient that is 0 has the logarithm -infinity. Those of
/// dead networks are unspecified.
struct GradientBlock {
  explicit GradientBlock(std::size_t depth)
      : log_norm2((depth + 1) * kBlock), log_weight2((depth + 2) * kBlock), log_input_norm2{} {}

  std::vector<double> log_norm2;  ///< ln||df/dz_l||^2, l = 0..d
  /// ln||df/dW_l||^2 - ln(||x||^2/n_in): l = 0 for W_0, 1..d for all matrices of layer l, d + 1 for W_out.
  std::vector<double> log_weight2;
  std::array<double, kBlock> log_input_norm2;  ///< ln||df/dx||^2
};

/// What a block of random networks did; element [l * kBlock + i] belongs to layer l of network i. A network that is
/// dead (z_d = 0) has log_norm2 = -infinity in its last layer; what its other elements are is unspecified, but finite.
struct Block {
  explicit Block(std::size_t depth)
      : log_norm2((depth + 1) * kBlock),
        S(depth * kBlock),
        active(depth * kBlock),
        output{},
        log_output_norm2{},
        gradients{} {}

  /// ln||z_d||^2, in the units of log_norm2, of the block's networks.
  const double* last_log_norm2() const { return &log_norm2[log_norm2.size() - kBlock]; }

  std::vector<double> log_norm2;  ///< ln(||z_l||^2/n_l) - ln(||x||^2/n_in), l = 0..d
  std::vector<double> S;          ///< ||phi(s z_l)||^2/||z_l||^2 - 1, l = 0..d-1
  std::vector<double> active;     ///< share of neurons with s z_l > 0, l = 0..d-1
  // z_out = (||z_d||/sqrt(n)) g:
  std::array<double, kBlock> output;            ///< g_1
  std::array<double, kBlock> log_output_norm2;  ///< ln||g||^2
  std::optional<GradientBlock> gradients;       ///< of the first output, if they were asked for
};

/// Advances the networks of samples first, ..., first + count - 1 of a seed, count <= kBlock, from the input to the
/// output. The one place where the time is spent.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Block run(std::uint64_t first, std::size_t count) const = 0;
};

/// Samples each layer exactly with n normals, and its gradient with n more (docs/theory.md, "The O(n) step" and
/// "Gradients"); gradients only of networks of the standard architecture. Weights must not be uniform.
std::unique_ptr<const Engine> make_fast_engine(const Network& network, const Input& input, std::uint64_t seed,
                                               Precision precision,
                                               std::optional<OutputDirection> gradients = std::nullopt);

/// As make_fast_engine, but all numbers of which z_0, ..., z_d are made, (z_0, g_1, ..., g_d), are negated.
/// Of networks of the standard architecture.
std::unique_ptr<const Engine> make_antithetic_engine(const Network& network, std::uint64_t seed, Precision precision);

/// Draws every weight, and propagates gradients back through them.
std::unique_ptr<const Engine> make_dense_engine(const Network& network, const Input& input, std::uint64_t seed,
                                                Precision precision,
                                                std::optional<OutputDirection> gradients = std::nullopt);

/// Bytes that an engine keeps of one network for its gradients.
double gradient_bytes(const Network& network, Method method, Precision precision);

}  // namespace initlaw
