#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "initlaw/architecture.hpp"
#include "initlaw/export.hpp"
#include "initlaw/names.hpp"

namespace INITLAW_API initlaw {

/// One number for every residual layer l = 1..d, or the same number for all of them.
class Schedule {
 public:
  /// The same value in every layer.
  Schedule(double constant) : values_{constant} {}  // NOLINT(google-explicit-constructor)
  /// values[l - 1] is layer l's. Its length must be the network's depth; Network checks that.
  Schedule(std::vector<double> values)  // NOLINT(google-explicit-constructor)
      : values_(std::move(values)), constant_(false) {}

  /// Whether it was given as one number.
  bool is_constant() const { return constant_; }
  /// That number, or one for each layer.
  const std::vector<double>& values() const { return values_; }
  /// The number of layer l = 1..d.
  double at_layer(std::size_t l) const { return constant_ ? values_[0] : values_[l - 1]; }

  bool operator==(const Schedule&) const = default;

 private:
  std::vector<double> values_;
  bool constant_ = true;
};

/// The same width in every layer, or one width for each of z_0, ..., z_d.
class Widths {
 public:
  /// The same width in every layer.
  Widths(std::size_t constant) : values_{constant} {}  // NOLINT(google-explicit-constructor)
  /// values[l] is the width of z_l. Its length must be depth + 1; Network checks that.
  Widths(std::vector<std::size_t> values)  // NOLINT(google-explicit-constructor)
      : values_(std::move(values)), constant_(false) {}

  /// Whether it was given as one number.
  bool is_constant() const { return constant_; }
  /// That number, or one for each of z_0, ..., z_d.
  const std::vector<std::size_t>& values() const { return values_; }
  /// The width of z_l, l = 0..d.
  std::size_t at_layer(std::size_t l) const { return constant_ ? values_[0] : values_[l]; }
  /// The largest of them.
  std::size_t largest() const { return *std::max_element(values_.begin(), values_.end()); }

  bool operator==(const Widths&) const = default;

 private:
  std::vector<std::size_t> values_;
  bool constant_ = true;
};

/// The paper's standard residual scale: alpha^2 = lambda^2 = 1/2.
inline constexpr double kStandardScale = 0.70710678118654752440;

/// What a fully connected network is made of. Widths may differ by layer.
struct FullyConnectedOptions {
  Widths width;
  std::size_t depth;
  std::size_t inputs = 1;
  std::size_t outputs = 1;
  double leak = 0;
  Architecture architecture = {};
};

/// What a vanilla or a Balanced ResNet is made of.
struct ResNetOptions {
  std::size_t width;
  std::size_t depth;
  Schedule alpha = kStandardScale;
  Schedule lambda = kStandardScale;
  std::size_t inputs = 1;
  std::size_t outputs = 1;
  double leak = 0;
  /// By default 1, and 2 where the branch is linear-first.
  std::optional<std::size_t> branch_depth = std::nullopt;
  Architecture architecture = {};
};

/// What a stable ResNet is made of: alpha = 1, and lambda_l = residual_scale / sqrt(depth).
struct StableOptions {
  std::size_t width;
  std::size_t depth;
  double residual_scale = 1;
  std::size_t inputs = 1;
  std::size_t outputs = 1;
  double leak = 0;
  /// By default 1, and 2 where the branch is linear-first.
  std::optional<std::size_t> branch_depth = std::nullopt;
  Architecture architecture = {};
};

/// The functions that make networks, by which they are known.
enum class Family { kFullyConnected, kVanilla, kBalanced, kStable };

template <>
inline constexpr auto kNames<Family> = std::to_array<Name<Family>>({{Family::kFullyConnected, "fully-connected"},
                                                                    {Family::kVanilla, "vanilla"},
                                                                    {Family::kBalanced, "balanced"},
                                                                    {Family::kStable, "stable"}});

/// A random network at initialization, and the only description of one:
///
///     z_0   = W_0 x / sqrt(n_in)
///     z_l   = alpha_l z_{l-1} + lambda_l sqrt(1/n) W_l phi(s_l z_{l-1})      l = 1..d
///     z_out = W_out z_d / sqrt(n)
///
/// All weights are iid N(0,1); there are no biases. The activation phi(x) = s_+ x for x > 0 and s_- x for
/// x < 0 is scaled to s_+^2 + s_-^2 = 2, and s_-/s_+ is the leak, so that leak 0 is ReLU with the He factor
/// sqrt(2/n). The signs s_l flip between consecutive layers with probability `flip`, neuron by neuron. The
/// residual branch holds branch_depth weight matrices with an activation before each.
///
/// That is the default Architecture. Others have linear-first branches, whose first matrix acts before any activation,
/// with branch_width neurons inside; read u = z sqrt(n)/||z|| in z's place (norm); have another activation, scaled to E
/// phi(g)^2 = 1; other weights; another beginning of the stream. What is not positively homogeneous needs a norm, and
/// then a branch has one activation. Linear-first branches have neither flips nor orthogonal weights.
///
/// A Network is valid by construction and immutable: a wrong value is a std::invalid_argument that names the
/// field, the value and the allowed range. Source: Li, Nica, Roy (2021), section 2, and docs/theory.md.
class Network {
 public:
  /// The function that made it.
  Family family() const { return family_; }
  /// Number of residual layers d.
  std::size_t depth() const { return depth_; }
  /// Length of the input x.
  std::size_t inputs() const { return inputs_; }
  /// Length of the output z_out.
  std::size_t outputs() const { return outputs_; }
  /// Number of neurons in z_l, l = 0..d.
  std::size_t width(std::size_t l) const { return widths_.at_layer(l); }
  const Widths& widths() const { return widths_; }
  /// Skip scale alpha_l of layer l = 1..d.
  double alpha(std::size_t l) const { return alpha_.at_layer(l); }
  const Schedule& alphas() const { return alpha_; }
  /// Residual scale lambda_l of layer l = 1..d. For a stable ResNet this is residual_scale / sqrt(d).
  double lambda(std::size_t l) const;
  /// As given: for a stable ResNet the residual scale before the division by sqrt(d).
  const Schedule& lambdas() const { return lambda_; }
  /// Slope s_-/s_+ of the activation's negative side, in [-1, 1].
  double leak() const { return leak_; }
  /// Asymmetry b = (1 - leak^2)/(1 + leak^2) of the activation: 1 for ReLU, 0 for |x| and the identity.
  double asymmetry() const { return (1 - leak_ * leak_) / (1 + leak_ * leak_); }
  /// Probability that a neuron's sign s_l differs from s_{l-1}: 0 for vanilla, 1/2 for Balanced ResNets.
  double flip() const { return flip_; }
  /// Weight layers in a residual branch.
  std::size_t branch_depth() const { return branch_depth_; }
  const Architecture& architecture() const { return architecture_; }
  /// True if that is the paper's.
  bool has_standard_architecture() const { return architecture_ == Architecture(); }
  /// True if branches read z sqrt(n)/||z|| in z's place.
  bool is_normalized() const { return architecture_.norm != Normalization::kNone; }
  /// Neurons inside a residual branch.
  std::size_t branch_width() const { return architecture_.branch_width == 0 ? width(1) : architecture_.branch_width; }

  /// True if every layer has the same alpha, lambda and width.
  bool is_stationary() const { return alpha_.is_constant() && lambda_.is_constant() && widths_.is_constant(); }
  /// True if alpha_l = 0 in every layer: a network without memory of the layer before the last.
  bool is_without_skip() const;

  /// Copies that differ in one property. They throw as the constructors do.
  Network with_inputs(std::size_t inputs) const;
  Network with_outputs(std::size_t outputs) const;
  Network with_leak(double leak) const;
  /// A sign-flip family between vanilla (0) and Balanced (1/2). Only a vanilla or a stable ResNet has one.
  Network with_flip(double flip) const;
  Network with_architecture(Architecture architecture) const;

  bool operator==(const Network&) const = default;

 private:
  friend Network fully_connected(FullyConnectedOptions);
  friend Network vanilla(ResNetOptions);
  friend Network balanced(ResNetOptions);
  friend Network stable(StableOptions);

  struct Fields {
    Family family;
    Widths width;
    std::size_t depth;
    std::size_t inputs;
    std::size_t outputs;
    Schedule alpha;
    Schedule lambda;
    double leak;
    double flip;
    std::optional<std::size_t> branch_depth;
    Architecture architecture;
  };
  explicit Network(Fields fields);
  Fields fields() const;

  Family family_;
  Widths widths_;
  std::size_t depth_;
  std::size_t inputs_;
  std::size_t outputs_;
  Schedule alpha_;
  Schedule lambda_;
  double leak_;
  double flip_;
  std::size_t branch_depth_;
  Architecture architecture_;
};

/// A fully connected network with He initialization: alpha = 0, lambda = 1. Throws std::invalid_argument that
/// names the field, its value and the allowed range. Cost: O(depth). Source: docs/theory.md,
/// "The networks".
Network fully_connected(FullyConnectedOptions options);
/// A ResNet with constant signs, by default the paper's standard one. Throws and costs as fully_connected.
Network vanilla(ResNetOptions options);
/// A ResNet whose activations have a fresh random sign for every layer and neuron (flip = 1/2). Throws and costs as
/// fully_connected.
Network balanced(ResNetOptions options);
/// A ResNet with alpha = 1 and lambda_l = residual_scale / sqrt(depth). Throws and costs as fully_connected.
Network stable(StableOptions options);

/// The network as a JSON object or a TOML document. Keys: family, width, depth, inputs, outputs, alpha, lambda,
/// leak, flip, branch_depth; alpha, lambda and width are a number or a list. For a stable ResNet lambda is the
/// residual scale before the division by sqrt(depth). What differs from the standard architecture is added: branch,
/// branch_width, norm, activation, weights, input_layer.
std::string to_json(const Network& network);
std::string to_toml(const Network& network);

/// The network that a JSON object or TOML document with the keys above describes. family, width and depth are
/// required. Throws std::invalid_argument naming the key (and for a syntax error the line) that is wrong.
Network network_from_json(std::string_view text);
Network network_from_toml(std::string_view text);

}  // namespace initlaw
