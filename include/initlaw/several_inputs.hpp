#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/network.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/statistics.hpp"

namespace INITLAW_API initlaw {

/// The numbers of two inputs, i < j.
using InputPair = std::pair<std::size_t, std::size_t>;

/// What to simulate of several inputs. The result depends on all but `threads`.
struct JointOptions {
  std::uint64_t samples = 10'000;
  std::uint64_t seed = 1;
  /// 0 for as many as the machine has cores.
  unsigned threads = 0;
  /// The pairs of which numbers are kept. If none is given: all pairs of up to 16 inputs, else those of input 0.
  std::vector<InputPair> pairs = {};
  /// The layers of 0..d in which angles are kept; the last one always is. If none is given: all of up to 64, else some
  /// 64 at equal distances.
  std::vector<std::size_t> layers = {};
};

/// What the same random networks did with m inputs. What is of pairs is in the order of options.pairs.
struct JointEnsemble {
  /// The place of the pair i, j. Throws std::invalid_argument if it was not kept.
  std::size_t pair(std::size_t i, std::size_t j) const;

  Network network;
  std::vector<std::vector<double>> inputs;
  /// As asked for, with the pairs and layers that were chosen.
  JointOptions options;
  /// Samples taken: options.samples, or fewer if the simulation was stopped.
  std::uint64_t samples;
  /// ln||z_d^i||^2/n - ln||x^i||^2/n_in of input i, over the networks in which it lives: G, for each input.
  std::vector<Moments> growth;
  /// G^i - G^j of each pair, over the networks in which both live: how alike inputs grow.
  std::vector<Moments> growth_difference;
  /// G^i and G^j of each pair, over the same networks.
  std::vector<JointMoments> growths;
  /// The cosine of the angle theta between z_l^i and z_l^j, for each of options.layers and each pair; over the networks
  /// in which both live.
  std::vector<std::vector<Moments>> cosine;
  /// ln tan(theta/2), which is ln(theta/2) at small angles, in the same way; over those networks among them in which it
  /// lies within kLargestLogTangent of 0. Of angles beyond a double knows nothing: inputs have collapsed, or are
  /// opposite.
  std::vector<std::vector<Moments>> log_tangent;
  /// ln tan(theta/2) in the last layer for each pair, over the networks in which both live; numbers beyond
  /// kLargestLogTangent are in the outermost bins.
  std::vector<Histogram> last_log_tangent;
  /// ln tan(theta/2) in the last layer and (G^i + G^j)/2, over the networks of log_tangent.
  std::vector<JointMoments> angle_and_growth;
  /// z_d^i . z_d^j/n of each pair, divided by its scale at infinite width |x^i| |x^j|/n_in prod_l r_l^2; dead ones
  /// count as 0. Given the hidden layers it is the mean of one output's z^i z^j, so that this is the covariance of
  /// outputs, free of their own noise.
  std::vector<Moments> output_covariance;
};

/// Angles of less than 10^-13.6 are rounding errors.
inline constexpr double kLargestLogTangent = 32;

/// Simulates independent random initializations of a network at several inputs at once, exactly.
///
/// Given the activations Phi (n x m, a column an input) of a layer with m < n, W Phi is distributed as N R with Phi = Q
/// R and N an n x m matrix of normals; with m >= n inputs W itself is drawn. R comes from Phi itself, by the modified
/// Gram-Schmidt algorithm, whose backward error is that of Householder's: it is as accurate for inputs that have become
/// parallel, are equal, opposite or 0.
/// Nothing is added to the diagonal, and no tolerance is needed. The angle between two inputs is exact to some 10^-15,
/// in double precision, and so is its logarithm down to angles of that size. Every input has a scale of its own, so
/// that no depth overflows.
///
/// Cost: per sample and layer n m normals and 6 n m^2 operations. Memory: O(threads (n m + pairs layers)). Throws
/// std::invalid_argument if an input's length is not the network's or a component not finite, if there is no input, if
/// an option, a pair or a layer is out of range, or for what is too large for this machine's memory. Source:
/// docs/theory.md, "Several inputs".
JointEnsemble simulate_jointly(const Network& network, const JointOptions& options,
                               const std::vector<std::vector<double>>& inputs, const Progress& progress = {});

}  // namespace initlaw
