#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/network.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/statistics.hpp"

namespace INITLAW_API initlaw {

/// What to simulate of the tangent kernel at several inputs. The result depends on all but `threads`.
struct TangentKernelOptions {
  std::uint64_t samples = 10'000;
  std::uint64_t seed = 1;
  /// 0 for as many as the machine has cores.
  unsigned threads = 0;
};

/// The neural tangent kernel Theta_ij = (df/dW at input i) . (df/dW at input j) in the same random networks, over all
/// weights W in the parametrization of Network, of the first output f. Dead networks count with Theta_ij = 0.
struct TangentKernelEnsemble {
  /// The place of Theta_ij = Theta_ji in `kernel` and `cosine`.
  static constexpr std::size_t place(std::size_t i, std::size_t j) { return i < j ? place(j, i) : i * (i + 1) / 2 + j; }
  /// Mean and standard deviation, over networks, of Theta_ij, or infinite where a double cannot hold it.
  Estimate mean(std::size_t i, std::size_t j) const;
  Estimate spread(std::size_t i, std::size_t j) const;

  Network network;
  std::vector<std::vector<double>> inputs;
  TangentKernelOptions options;
  /// Samples taken: options.samples, or fewer if the simulation was stopped.
  std::uint64_t samples;
  /// (1/2) ln Theta_ii at infinite width; -infinity for an input that is 0.
  std::vector<double> log_unit;
  /// Theta_ij in units of e^{log_unit[i] + log_unit[j]}.
  std::vector<Moments> kernel;
  /// Theta_ij/sqrt(Theta_ii Theta_jj), over the networks in which neither is 0.
  std::vector<Moments> cosine;
  /// ln Theta_ii of each input, over the networks in which it is not 0.
  std::vector<Moments> log_diagonal;
};

/// Simulates the tangent kernel of independent random initializations of a network at several inputs, exactly, without
/// any weight matrix. The networks are those of simulate_jointly() with the same seed.
///
/// Forward, each matrix W is known by W V = N R alone, V = Q R what the inputs make of it, with W Q = N drawn. Given
/// that, W^T E of the gradients E of all inputs is Q N^T E plus what an independent matrix makes of E orthogonally to
/// Q, again N' R' with R' of E. Inputs may be dependent, equal, opposite or 0, and more than there are neurons. All is
/// in double precision, each input's activations and gradients in units of their own, so that no depth overflows.
///
/// Cost: per sample, layer and weight matrix 2 n m normals and some 16 n m^2 operations. Memory: O(threads m (n d B +
/// m)). Throws std::invalid_argument if an input's length is not the network's or a component not finite, if there is
/// no input, if an option is out of range, for other architectures than the paper's, or for what is too large for this
/// machine's memory. Source: docs/theory.md, "The tangent kernel at several inputs".
TangentKernelEnsemble simulate_tangent_kernel(const Network& network, const TangentKernelOptions& options,
                                              const std::vector<std::vector<double>>& inputs,
                                              const Progress& progress = {});

}  // namespace initlaw
