#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "initlaw/input.hpp"
#include "initlaw/network.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {

/// What one random network did. A network that is dead (z_d = 0) has log_norm2[d] = -infinity; what follows in its
/// vectors after the layer where it died is unspecified.
struct Trajectory {
  explicit Trajectory(std::size_t depth) : log_norm2(depth + 1), S(depth), active(depth) {}

  std::vector<double> log_norm2;  ///< ln(||z_l||^2/n_l) - ln(||x||^2/n_in), l = 0..d
  std::vector<double> S;          ///< ||phi(s z_l)||^2/||z_l||^2 - 1, l = 0..d-1
  std::vector<double> active;     ///< share of neurons with s z_l > 0, l = 0..d-1
  /// z_out = (||z_d||/sqrt(n)) g: its first component's and its norm's part.
  double output = 0;           ///< g_1
  double log_output_norm2 = 0;  ///< ln||g||^2
};

/// Advances a block of random networks, samples first, ..., first + count - 1 of a seed, from the input to the output.
/// The one place where the time is spent.
class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual std::vector<Trajectory> run(std::uint64_t first, std::size_t count) const = 0;
};

/// Samples each layer exactly with n normals (docs/theory.md, "The O(n) step").
std::unique_ptr<const Kernel> make_fast_kernel(const Network& network, std::uint64_t seed, Precision precision);

/// Draws every weight.
std::unique_ptr<const Kernel> make_dense_kernel(const Network& network, const Input& input, std::uint64_t seed,
                                                Precision precision);

}  // namespace initlaw
