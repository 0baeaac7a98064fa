#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/network.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/statistics.hpp"

namespace INITLAW_API initlaw {

/// What to simulate of several inputs. The result depends on all but `threads`.
struct JointOptions {
  std::uint64_t samples = 10'000;
  std::uint64_t seed = 1;
  /// 0 for as many as the machine has cores.
  unsigned threads = 0;
};

/// What the same random networks did with m inputs.
struct JointEnsemble {
  /// The number of the pair i < j among the m (m - 1)/2 pairs.
  static std::size_t pair(std::size_t i, std::size_t j) { return j * (j - 1) / 2 + i; }

  Network network;
  std::vector<std::vector<double>> inputs;
  JointOptions options;
  /// Samples taken: options.samples, or fewer if the simulation was stopped.
  std::uint64_t samples;
  /// ln||z_d^i||^2/n - ln||x^i||^2/n_in of input i, over the networks in which it lives: G, for each input.
  std::vector<Moments> growth;
  /// G^i - G^j of each pair, over the networks in which both live: how alike inputs grow.
  std::vector<Moments> growth_difference;
  /// The cosine of the angle between z_l^i and z_l^j, for l = 0..d and each pair; over the networks in which both live.
  std::vector<std::vector<Moments>> cosine;
  /// z_d^i . z_d^j/n of each pair, divided by its scale at infinite width |x^i| |x^j|/n_in prod_l r_l^2; dead ones
  /// count as 0. Given the hidden layers it is the mean of one output's z^i z^j, so that this is the covariance of
  /// outputs, free of their own noise.
  std::vector<Moments> output_covariance;
};

/// Simulates independent random initializations of a network at several inputs at once, exactly.
///
/// Given the activations Phi (n x m, a column an input) of a layer with m < n, W Phi is distributed as N R with Phi = Q
/// R and N an n x m matrix of normals; with m >= n inputs W itself is drawn. R comes from Phi itself, by the modified
/// Gram-Schmidt algorithm, whose backward error is that of Householder's: it is as accurate for inputs that have become
/// parallel, are equal, opposite or 0.
/// Nothing is added to the diagonal, and no tolerance is needed. The angle between two inputs is exact to some 10^-15,
/// in double precision. Every input has a scale of its own, so that no depth overflows.
///
/// Cost: per sample and layer n m normals and 3 n m^2 operations. Memory: O(threads (n m + d m^2)). Throws
/// std::invalid_argument if an input's length is not the network's or a component not finite, if there is no input, if
/// an option is out of range, or for what is too large for this machine's memory. Source: docs/theory.md, "Several
/// inputs".
JointEnsemble simulate_jointly(const Network& network, const JointOptions& options,
                               const std::vector<std::vector<double>>& inputs, const Progress& progress = {});

}  // namespace initlaw
