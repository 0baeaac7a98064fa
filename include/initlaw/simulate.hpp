#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "initlaw/export.hpp"
#include "initlaw/gradient_limit.hpp"
#include "initlaw/input.hpp"
#include "initlaw/names.hpp"
#include "initlaw/network.hpp"
#include "initlaw/statistics.hpp"

namespace INITLAW_API initlaw {

/// How a layer's random weights act. Both sample exactly the same law.
enum class Method {
  kFast,   ///< W v is sampled as ||v|| times n normals: O(n) per layer
  kDense,  ///< every weight is drawn: O(n^2) per layer; the reference
};
template <>
inline constexpr auto kNames<Method> = std::to_array<Name<Method>>({{Method::kFast, "fast"},
                                                                    {Method::kDense, "dense"}});

/// The arithmetic of the layer updates. Norms and statistics are double throughout.
enum class Precision { kFloat, kDouble };
template <>
inline constexpr auto kNames<Precision> = std::to_array<Name<Precision>>({{Precision::kFloat, "float"},
                                                                          {Precision::kDouble, "double"}});

/// How means are estimated from networks. Both are exactly unbiased.
enum class Estimator {
  kPlain,  ///< independent networks
  /// Antithetic variates: networks in pairs of opposite random numbers (z_0, g_1, ..., g_d), in which the odd part of S
  /// cancels. A martingale of known mean 0 is the control variate for G (docs/theory.md, "Estimators with less noise").
  /// For the fast method, and networks that cannot die.
  kAntithetic,
};
template <>
inline constexpr auto kNames<Estimator> = std::to_array<Name<Estimator>>({{Estimator::kPlain, "plain"},
                                                                          {Estimator::kAntithetic, "antithetic"},
                                                                          {Estimator::kAntithetic, "paired"}});

/// What to simulate. The result depends on all but `threads`.
struct SimulationOptions {
  /// Networks; an even number if they come in antithetic pairs.
  std::uint64_t samples = 100'000;
  std::uint64_t seed = 1;
  Method method = Method::kFast;
  Precision precision = Precision::kFloat;
  Estimator estimator = Estimator::kPlain;
  /// 0 for as many as the machine has cores.
  unsigned threads = 0;
  /// Lags at which the interlayer covariance is measured, each below the depth; by default default_lags().
  std::optional<std::vector<std::size_t>> lags = std::nullopt;
  /// Whether gradients are simulated too, and of which output. Everything else stays the same to the last bit.
  std::optional<OutputDirection> gradients = std::nullopt;
};

/// Statistics of z_l over the samples, l = 0..d-1.
struct LayerProfile {
  Estimate hypoactivation;   ///< n E[S_l]
  Estimate active_fraction;  ///< P(s z > 0)
  Estimate log_norm2_mean;   ///< of ln||z_l||^2
  Estimate log_norm2_variance;
};

/// n Cov(S_m, S_{m+lag}), averaged over the layers m.
struct LagCovariance {
  std::size_t lag;
  /// From batches of 16 networks, each about its own means; the error by how batches differ.
  Estimate covariance;
};

/// An estimate from antithetic pairs of networks.
struct AntitheticEstimate {
  Estimate estimate;
  /// By how much its variance is smaller than that of as many independent networks.
  double variance_reduction;
};

/// What antithetic pairs of networks measure better than independent ones do.
struct AntitheticEstimates {
  AntitheticEstimate growth_mean;
  AntitheticEstimate second_moment;                 ///< E||z_out||^2/n_out
  std::vector<AntitheticEstimate> hypoactivation;   ///< n E[S_l]
  std::vector<AntitheticEstimate> active_fraction;  ///< P(s z > 0)
};

/// Gradients of one output f at layer l = 0..d: with respect to z_l, and to the weights between z_{l-1} and z_l (for l
/// = 0 those between x and z_0).
struct LayerGradient {
  Estimate log_norm2_mean;  ///< of ln||df/dz_l||^2
  Estimate log_norm2_variance;
  Estimate log_weight2_mean;  ///< of ln||df/dW_l||^2, where it is not 0
  Estimate log_weight2_variance;
  Estimate ntk_share;  ///< of ||df/dW_l||^2 in the neural tangent kernel's diagonal
};

/// What a simulation measured of gradients, over the living networks in which df/dz_0 is not 0.
struct Gradients {
  /// Living networks in which df/dz_0 = 0. Only networks that can die have any.
  std::uint64_t vanished;
  /// X = ln||df/dz_0||^2 - ln||df/dz_d||^2.
  Moments growth;
  /// Of X and G, which is ln||z_d||^2 but for constants.
  Estimate correlation_with_growth;
  /// ln||df/dx||^2. Empty in the orthogonal direction if the input has one component, since df/dx . x = f = 0.
  Moments log_input_norm2;
  /// ln Theta, the diagonal of the neural tangent kernel: Theta = ||df/dW||^2 over all weights, in the parametrization
  /// of Network.
  Moments log_ntk;
  /// E Theta.
  LogMean ntk;
  std::vector<LayerGradient> layers;
  /// Of the output's weights in Theta.
  Estimate output_ntk_share;
  /// Of the three logarithms above.
  Histogram growth_histogram;
  Histogram log_input_norm2_histogram;
  Histogram log_ntk_histogram;
};

/// What a simulation measured. All statistics are over the living networks (z_out != 0), but for second_moment and
/// output_excess_kurtosis.
struct Ensemble {
  Network network;
  Input input;
  SimulationOptions options;
  /// Samples taken: options.samples, or fewer if the simulation was stopped.
  std::uint64_t samples;
  /// Networks among them with z_out = 0.
  std::uint64_t dead;
  /// Living networks that are frozen: all neurons of z_{d-1} are inactive, so that the residual branch passes nothing.
  /// A ReLU ResNet that gets there stays, z_l = alpha z_{l-1}, unless signs flip; those are not counted.
  std::uint64_t frozen;
  /// ln(||z_d||^2/n) - ln(||x||^2/n_in).
  Moments growth;
  /// ln||z_out||^2.
  Moments log_output_norm2;
  /// E||z_out||^2/n_out, dead networks counted as 0.
  LogMean second_moment;
  /// E z^4/(E z^2)^2 - 3 of one output z, dead networks counted as 0: from E z^2 and E z^4 given the hidden layers, so
  /// that the output layer adds no noise. The error is not finite where too few networks make most of E z^4.
  Estimate output_excess_kurtosis;
  /// The first output, in units of e^log_output_unit.
  Moments output;
  /// The standard deviation that the first output has at infinite width, as a logarithm:
  /// (1/2) ln((||x||^2/n_in) prod_l (alpha_l^2 + lambda_l^2)).
  double log_output_unit;
  /// Of ln||z_out||^2. Empty if no network lived.
  std::optional<Histogram> log_output_norm2_histogram;
  /// Of the logarithm of the first output's square. Empty if no network lived.
  std::optional<Histogram> log_output_square_histogram;
  std::vector<LayerProfile> layers;
  std::vector<LagCovariance> interlayer_covariance;
  /// If the networks came in antithetic pairs. Everything above is then over the first network of each pair, since the
  /// two are not independent.
  std::optional<AntitheticEstimates> antithetic;
  /// If they were asked for, and any network lived; they may all have vanished. Of pairs, those of the first networks.
  std::optional<Gradients> gradients;

  /// n E[S_l] and P(s z > 0) of layer l = 0..d-1: from pairs if there are any, else from `layers`.
  Estimate hypoactivation(std::size_t l) const {
    return antithetic ? antithetic->hypoactivation[l].estimate : layers[l].hypoactivation;
  }
  Estimate active_fraction(std::size_t l) const {
    return antithetic ? antithetic->active_fraction[l].estimate : layers[l].active_fraction;
  }
};

/// The lags 0, 1, 2, 4, 8, ... below the network's depth.
std::vector<std::size_t> default_lags(const Network& network);

/// Called in the order of the samples with the number done so far, from one thread at a time. Return false to stop: the
/// simulation then ends with the samples done by then.
using Progress = std::function<bool(std::uint64_t samples_done)>;

/// Simulates `options.samples` independent random initializations of the network at one input.
///
/// Sample i depends on (network, input, seed, method, precision) and i alone, and statistics are merged in the order of
/// the samples: the result is the same to the last bit for any number of threads. Norms are carried as logarithms, so
/// no depth overflows.
///
/// Cost: per sample and layer n normals (dense: n^2), with gradients 2 n. Memory: O(threads depth) and some 20 MB,
/// whatever the number of samples; with gradients, for each thread and 16 networks, 4 bytes a neuron and layer (8 in
/// double precision) times the branch depth, 2 more if signs flip, and with the dense method all weights. Throws
/// std::invalid_argument for an option out of range or one that the network does not allow, a network too large for
/// this machine's memory, or an input whose length is not the network's.
Ensemble simulate(const Network& network, const SimulationOptions& options, const Input& input = {},
                  const Progress& progress = {});

/// ln||z_out||^2 of each network that simulate() with the same arguments simulates, in the order of the samples:
/// -infinity for dead ones, and of antithetic pairs the first networks. The same for any number of threads; fewer
/// numbers if stopped. Lags and gradients change nothing. Cost: as simulate(), and 8 bytes a number. Throws as
/// simulate() does, and for more samples than this machine has memory for.
std::vector<double> log_output_norm2_samples(const Network& network, const SimulationOptions& options,
                                             const Input& input = {}, const Progress& progress = {});

/// All of an ensemble as bytes, the same on every machine: equal ensembles have equal bytes.
std::string to_bytes(const Ensemble& ensemble);

/// The ensemble that to_bytes made the bytes of. Throws std::invalid_argument if they are no ensemble's, or another
/// version's.
Ensemble ensemble_from_bytes(std::string_view bytes);

/// What `initlaw simulate --json` writes: all that it reports (docs/guide.md lists the keys), and under "state" all
/// numbers that ensemble_from_json reads.
std::string to_json(const Ensemble& ensemble);

/// The ensemble that to_json made the text of, to the last bit: to_bytes is the same. It is made of "network" and
/// "state" alone. Throws std::invalid_argument that names the key which is missing, wrong or another result version's.
Ensemble ensemble_from_json(std::string_view text);

}  // namespace initlaw
