#include "initlaw/network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "network/field_error.hpp"

namespace initlaw {
namespace {

/// The square of less, beside 1, would be 0 in a double, and a frozen network be taken for a dead one.
constexpr double kLeastShare = 1e-150;
constexpr std::size_t kLargestCount = 1'000'000'000'000;

void require_count(const std::string& field, std::size_t value) {
  if (value == 0 || value > kLargestCount) {
    throw FieldError(field, fmt::format("{} is out of range [1, 10^12]{}", value,
                                        value == 0 ? ""
                                                   : fmt::format("; it would take {:.3g} TB of memory",
                                                                 static_cast<double>(value) * 8e-12)));
  }
}

void require_in_range(const std::string& field, double value, double low, double high) {
  if (!(value >= low && value <= high)) {
    throw FieldError(field, fmt::format("{} is out of range [{}, {}]", value, low, high));
  }
}

void require_length(const std::string& field, std::size_t length, std::size_t expected, const char* meaning) {
  if (length != expected) {
    throw FieldError(field, fmt::format("has {} entries, must have {} ({})", length, expected, meaning));
  }
}

void require_finite(const std::string& field, const Schedule& schedule) {
  const auto& values = schedule.values();
  const auto bad = std::find_if_not(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  if (bad != values.end()) {
    const auto layer = schedule.is_constant() ? "" : fmt::format(" in layer {}", bad - values.begin() + 1);
    throw FieldError(field, fmt::format("{}{} is not a finite number", *bad, layer));
  }
}

/// Of combinations that have no meaning, or of which neither law nor O(n) step is known.
void require_consistent(const Network& network) {
  const auto& [branch, branch_width, norm, activation, weights, input_layer] = network.architecture();
  const bool is_linear_first = branch == Branch::kLinearFirst;
  const std::size_t activations = network.branch_depth() - (is_linear_first ? 1 : 0);
  if (is_linear_first && network.family() == Family::kFullyConnected) {
    throw FieldError("branch", "linear-first contradicts the fully-connected family, which has no branches");
  }
  if (is_linear_first && activations == 0) {
    throw FieldError("branch_depth", "1 leaves a linear-first branch without activation; it must be at least 2");
  }
  if (is_linear_first && network.flip() != 0) {
    throw FieldError("branch",
                     fmt::format("linear-first branches forget signs, which contradicts flip {}; it must be 0 "
                                 "(the vanilla or the stable family)",
                                 network.flip()));
  }
  if (branch_width != 0 && !is_linear_first) {
    throw FieldError("branch_width",
                     fmt::format("{} is for linear-first branches; this network's are activation-first", branch_width));
  }
  if (branch_width > kLargestCount) require_count("branch_width", branch_width);
  if (activation != Activation::kLeakyRelu) {
    if (network.leak() != 0) {
      throw FieldError(
          "leak", fmt::format("{} contradicts the activation {}; it must be 0", network.leak(), to_string(activation)));
    }
    if (!network.is_normalized()) {
      throw FieldError("activation", fmt::format("{} is not positively homogeneous, so that no limit at large depth is "
                                                 "known without normalization; norm must be pre or final",
                                                 to_string(activation)));
    }
    if (activations > 1) {
      throw FieldError("branch_depth", fmt::format("{} leaves {} activations in a branch; with {}, which is not "
                                                   "positively homogeneous, there must be one",
                                                   network.branch_depth(), activations, to_string(activation)));
    }
  }
  if (weights == Weights::kOrthogonal) {
    if (is_linear_first) {
      throw FieldError("weights", "orthogonal contradicts linear-first branches; they must be gaussian or uniform");
    }
    if (!network.widths().is_constant()) {
      throw FieldError("weights", "orthogonal contradicts a list of widths: only square matrices are orthogonal");
    }
  }
}

}  // namespace

Network::Network(Fields fields)
    : family_(fields.family),
      widths_(std::move(fields.width)),
      depth_(fields.depth),
      inputs_(fields.inputs),
      outputs_(fields.outputs),
      alpha_(std::move(fields.alpha)),
      lambda_(std::move(fields.lambda)),
      leak_(fields.leak),
      flip_(fields.flip),
      branch_depth_(fields.branch_depth.value_or(fields.architecture.branch == Branch::kLinearFirst ? 2 : 1)),
      architecture_(fields.architecture) {
  for (const std::size_t width : widths_.values()) require_count("width", width);
  require_count("depth", depth_);
  require_count("inputs", inputs_);
  require_count("outputs", outputs_);
  require_count("branch_depth", branch_depth_);
  if (!widths_.is_constant()) {
    require_length("width", widths_.values().size(), depth_ + 1, "one for each of z_0, ..., z_d: depth + 1");
  }
  if (!alpha_.is_constant()) require_length("alpha", alpha_.values().size(), depth_, "one for each layer: depth");
  if (!lambda_.is_constant()) require_length("lambda", lambda_.values().size(), depth_, "one for each layer: depth");
  require_finite("alpha", alpha_);
  require_finite("lambda", lambda_);
  const std::size_t distinct_layers = alpha_.is_constant() && lambda_.is_constant() ? 1 : depth_;
  for (std::size_t l = 1; l <= distinct_layers; ++l) {
    if (alpha(l) == 0 && lambda(l) == 0) {
      throw FieldError("lambda", fmt::format("alpha = lambda = 0{}: nothing passes; one of them must differ from 0",
                                             distinct_layers > 1 ? fmt::format(" in layer {}", l) : ""));
    }
    if (alpha(l) != 0 && std::abs(alpha(l)) < kLeastShare * std::abs(lambda(l))) {
      throw FieldError("alpha", fmt::format("{} is less than 10^-150 of lambda, {}{}; it must be more, or 0", alpha(l),
                                            lambda(l), distinct_layers > 1 ? fmt::format(", in layer {}", l) : ""));
    }
  }
  require_in_range("leak", leak_, -1, 1);
  if (leak_ != 0 && std::abs(leak_) < kLeastShare) {
    throw FieldError("leak", fmt::format("{} is less than 10^-150; it must be more, or 0", leak_));
  }
  require_in_range("flip", flip_, 0, 1);
  require_consistent(*this);
  // Equal networks are to be equal.
  if (architecture_.branch_width == width(1)) architecture_.branch_width = 0;
}

Network::Fields Network::fields() const {
  return {family_, widths_, depth_, inputs_, outputs_, alpha_, lambda_, leak_, flip_, branch_depth_, architecture_};
}

double Network::lambda(std::size_t l) const {
  return lambda_.at_layer(l) / (family_ == Family::kStable ? std::sqrt(static_cast<double>(depth_)) : 1.0);
}

bool Network::is_without_skip() const {
  const auto& values = alpha_.values();
  return std::all_of(values.begin(), values.end(), [](double alpha) { return alpha == 0; });
}

Network Network::with_inputs(std::size_t inputs) const {
  Fields changed = fields();
  changed.inputs = inputs;
  return Network(std::move(changed));
}

Network Network::with_outputs(std::size_t outputs) const {
  Fields changed = fields();
  changed.outputs = outputs;
  return Network(std::move(changed));
}

Network Network::with_leak(double leak) const {
  Fields changed = fields();
  changed.leak = leak;
  return Network(std::move(changed));
}

Network Network::with_flip(double flip) const {
  if (family_ == Family::kFullyConnected && flip != flip_) {
    throw FieldError("flip", fmt::format("{} contradicts the fully-connected family, which has no skip path", flip));
  }
  if (family_ == Family::kBalanced && flip != flip_) {
    throw FieldError("flip", fmt::format("{} contradicts the balanced family, whose flip is 0.5", flip));
  }
  Fields changed = fields();
  changed.flip = flip;
  return Network(std::move(changed));
}

Network Network::with_architecture(Architecture architecture) const {
  Fields changed = fields();
  // The default depth of a branch goes with its order.
  if (branch_depth_ == (architecture_.branch == Branch::kLinearFirst ? 2 : 1)) changed.branch_depth.reset();
  changed.architecture = architecture;
  return Network(std::move(changed));
}

Network fully_connected(FullyConnectedOptions options) {
  return Network({.family = Family::kFullyConnected,
                  .width = std::move(options.width),
                  .depth = options.depth,
                  .inputs = options.inputs,
                  .outputs = options.outputs,
                  .alpha = 0.0,
                  .lambda = 1.0,
                  .leak = options.leak,
                  .flip = 0,
                  .branch_depth = 1,
                  .architecture = options.architecture});
}

Network vanilla(ResNetOptions options) {
  return Network({.family = Family::kVanilla,
                  .width = options.width,
                  .depth = options.depth,
                  .inputs = options.inputs,
                  .outputs = options.outputs,
                  .alpha = std::move(options.alpha),
                  .lambda = std::move(options.lambda),
                  .leak = options.leak,
                  .flip = 0,
                  .branch_depth = options.branch_depth,
                  .architecture = options.architecture});
}

Network balanced(ResNetOptions options) {
  Network::Fields fields = vanilla(std::move(options)).fields();
  fields.family = Family::kBalanced;
  fields.flip = 0.5;
  return Network(std::move(fields));
}

Network stable(StableOptions options) {
  return Network({.family = Family::kStable,
                  .width = options.width,
                  .depth = options.depth,
                  .inputs = options.inputs,
                  .outputs = options.outputs,
                  .alpha = 1.0,
                  .lambda = options.residual_scale,
                  .leak = options.leak,
                  .flip = 0,
                  .branch_depth = options.branch_depth,
                  .architecture = options.architecture});
}

}  // namespace initlaw
