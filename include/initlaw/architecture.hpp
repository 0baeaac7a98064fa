#pragma once

#include <array>
#include <cstddef>

#include "initlaw/export.hpp"
#include "initlaw/names.hpp"

namespace INITLAW_API initlaw {

/// What comes first in a residual branch.
enum class Branch {
  kActivationFirst,  ///< W_B phi(... W_1 phi(z)), the paper's
  kLinearFirst,      ///< W_B phi(... phi(W_1 z)), B >= 2: a transformer's MLP
};
template <>
inline constexpr auto kNames<Branch> = std::to_array<Name<Branch>>({{Branch::kActivationFirst, "activation-first"},
                                                                    {Branch::kLinearFirst, "linear-first"}});

/// Whether a branch reads z, or z sqrt(n)/||z|| (RMSNorm).
enum class Normalization {
  kNone,
  kPre,    ///< before each branch
  kFinal,  ///< before each branch, and before the output layer
};
template <>
inline constexpr auto kNames<Normalization> = std::to_array<Name<Normalization>>({{Normalization::kNone, "none"},
                                                                                  {Normalization::kPre, "pre"},
                                                                                  {Normalization::kFinal, "final"}});

/// The activation phi, always scaled to E phi(g)^2 = 1 for a standard normal g.
enum class Activation {
  kLeakyRelu,  ///< with Network::leak(): 0 is ReLU, 1 the identity, -1 is |x|. All that is positively homogeneous.
  kGelu,       ///< x Phi(x), Phi the normal distribution function
  kSilu,       ///< x/(1 + e^-x)
  kTanh,
  kErf,
};
template <>
inline constexpr auto kNames<Activation> = std::to_array<Name<Activation>>({{Activation::kLeakyRelu, "leaky-relu"},
                                                                            {Activation::kGelu, "gelu"},
                                                                            {Activation::kSilu, "silu"},
                                                                            {Activation::kTanh, "tanh"},
                                                                            {Activation::kErf, "erf"}});

/// The law of the hidden layers' weights, of variance 1 before the factor sqrt(1/n).
enum class Weights {
  kGaussian,
  kOrthogonal,  ///< sqrt(n) times a uniformly distributed orthogonal matrix
  kUniform,     ///< iid, uniform in [-sqrt(3), sqrt(3)]; for the dense method
};
template <>
inline constexpr auto kNames<Weights> = std::to_array<Name<Weights>>({{Weights::kGaussian, "gaussian"},
                                                                      {Weights::kOrthogonal, "orthogonal"},
                                                                      {Weights::kUniform, "uniform"}});

/// How the stream z_0 begins.
enum class InputLayer {
  kGaussian,    ///< z_0 = W_0 x/sqrt(n_in)
  kOrthogonal,  ///< in a uniformly distributed direction, with ||z_0||^2/n = ||x||^2/n_in exactly
};
template <>
inline constexpr auto kNames<InputLayer> = std::to_array<Name<InputLayer>>({{InputLayer::kGaussian, "gaussian"},
                                                                            {InputLayer::kOrthogonal, "orthogonal"}});

/// What a network's layers are made of, beside scales and leak. The default is the paper's.
struct Architecture {
  Branch branch = Branch::kActivationFirst;
  /// Neurons between the matrices of a linear-first branch; 0 for as many as the stream has.
  std::size_t branch_width = 0;
  Normalization norm = Normalization::kNone;
  Activation activation = Activation::kLeakyRelu;
  Weights weights = Weights::kGaussian;
  InputLayer input_layer = InputLayer::kGaussian;

  bool operator==(const Architecture&) const = default;
};

}  // namespace initlaw
