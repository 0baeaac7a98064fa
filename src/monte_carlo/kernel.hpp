#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "initlaw/input.hpp"
#include "initlaw/network.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {

/// Networks that a kernel advances together.
inline constexpr std::size_t kBlock = 16;

/// What a block of random networks did; element [l * kBlock + i] belongs to layer l of network i. A network that is
/// dead (z_d = 0) has log_norm2 = -infinity in its last layer; what its other elements are is unspecified, but finite.
struct Block {
  explicit Block(std::size_t depth)
      : log_norm2((depth + 1) * kBlock), S(depth * kBlock), active(depth * kBlock), output{}, log_output_norm2{} {}

  /// ln||z_d||^2, in the units of log_norm2, of the block's networks.
  const double* last_log_norm2() const { return &log_norm2[log_norm2.size() - kBlock]; }

  std::vector<double> log_norm2;  ///< ln(||z_l||^2/n_l) - ln(||x||^2/n_in), l = 0..d
  std::vector<double> S;          ///< ||phi(s z_l)||^2/||z_l||^2 - 1, l = 0..d-1
  std::vector<double> active;     ///< share of neurons with s z_l > 0, l = 0..d-1
  // z_out = (||z_d||/sqrt(n)) g:
  std::array<double, kBlock> output;            ///< g_1
  std::array<double, kBlock> log_output_norm2;  ///< ln||g||^2
};

/// Advances the networks of samples first, ..., first + count - 1 of a seed, count <= kBlock, from the input to the
/// output. The one place where the time is spent.
class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual Block run(std::uint64_t first, std::size_t count) const = 0;
};

/// Samples each layer exactly with n normals (docs/theory.md, "The O(n) step").
std::unique_ptr<const Kernel> make_fast_kernel(const Network& network, std::uint64_t seed, Precision precision);

/// As make_fast_kernel, but all numbers of which z_0, ..., z_d are made, (z_0, g_1, ..., g_d), are negated.
std::unique_ptr<const Kernel> make_mirrored_kernel(const Network& network, std::uint64_t seed, Precision precision);

/// Draws every weight.
std::unique_ptr<const Kernel> make_dense_kernel(const Network& network, const Input& input, std::uint64_t seed,
                                                Precision precision);

}  // namespace initlaw
