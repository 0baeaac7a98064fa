#pragma once

#include <ostream>
#include <vector>

#include "initlaw/network.hpp"

namespace initlaw {

/// A network with a name for tests.
struct SmallNetwork {
  const char* name;
  Network network;
};

inline std::ostream& operator<<(std::ostream& out, const SmallNetwork& c) { return out << c.name; }

/// Small networks of every family and extension: what differs between methods by O(1/n) would show.
inline std::vector<SmallNetwork> small_networks() {
  const std::vector<double> alphas{0.9, -0.5, 0, 0.7, 1.1};
  const std::vector<double> lambdas{0.3, 0.8, 1, -0.6, 0.2};
  return {
      {"Vanilla", vanilla({.width = 9, .depth = 5})},
      {"Balanced", balanced({.width = 9, .depth = 5})},
      {"FullyConnected", fully_connected({.width = 9, .depth = 5})},
      {"FullyConnectedOfManyWidths",
       fully_connected({.width = std::vector<std::size_t>{7, 12, 3, 9, 8, 10}, .depth = 5})},
      {"Stable", stable({.width = 9, .depth = 5, .residual_scale = 1.5})},
      {"Leaky", vanilla({.width = 9, .depth = 5, .leak = 0.4})},
      {"AbsoluteValue", vanilla({.width = 9, .depth = 5, .leak = -1})},
      {"RarelyFlipping", vanilla({.width = 9, .depth = 5}).with_flip(0.15)},
      {"AlwaysFlipping", vanilla({.width = 9, .depth = 5}).with_flip(1)},
      {"DeepBranches", vanilla({.width = 9, .depth = 5, .leak = 0.2, .branch_depth = 3})},
      {"Schedules", vanilla({.width = 9, .depth = 5, .alpha = alphas, .lambda = lambdas, .outputs = 3})},
      {"Wide", vanilla({.width = 67, .depth = 2})},
      {"BalancedDeepBranches", balanced({.width = 9, .depth = 5, .inputs = 4, .branch_depth = 2})},
  };
}

/// Small networks of every architecture but the standard one.
inline std::vector<SmallNetwork> small_networks_of_other_architectures() {
  const std::vector<double> alphas{0.9, -0.5, 0, 0.7, 1.1};
  const std::vector<double> lambdas{0.3, 0.8, 1, -0.6, 0.2};
  const auto pre = [](Activation activation) {
    return Architecture{.norm = Normalization::kPre, .activation = activation};
  };
  const Architecture linear_first{.branch = Branch::kLinearFirst};
  const Architecture orthogonal{.weights = Weights::kOrthogonal};
  return {
      {"Normalized", vanilla({.width = 9, .depth = 5, .inputs = 4, .architecture = pre(Activation::kLeakyRelu)})},
      {"NormalizedDeepBranches",
       vanilla({.width = 9, .depth = 5, .leak = 0.3, .branch_depth = 2, .architecture = pre(Activation::kLeakyRelu)})},
      // Whose neurons may be off for ever, or for some layers.
      {"NormalizedFreezing",
       vanilla({.width = 2, .depth = 12, .alpha = 0.01, .lambda = 1, .architecture = pre(Activation::kLeakyRelu)})},
      {"NormalizedBalancedFreezing",
       balanced({.width = 2, .depth = 12, .alpha = 0.01, .lambda = 1, .architecture = pre(Activation::kLeakyRelu)})},
      {"NormalizedGelu", vanilla({.width = 9, .depth = 5, .alpha = 1, .architecture = pre(Activation::kGelu)})},
      {"NormalizedSiluSchedules", vanilla({.width = 9,
                                           .depth = 5,
                                           .alpha = alphas,
                                           .lambda = lambdas,
                                           .inputs = 3,
                                           .architecture = pre(Activation::kSilu)})},
      {"NormalizedTanhBalanced", balanced({.width = 9, .depth = 5, .architecture = pre(Activation::kTanh)})},
      {"NormalizedErf",
       fully_connected(
           {.width = std::vector<std::size_t>{7, 12, 3, 9, 8, 10}, .depth = 5, .architecture = pre(Activation::kErf)})},
      {"NormalizedGeluFlipping",
       vanilla({.width = 9, .depth = 5, .architecture = pre(Activation::kGelu)}).with_flip(0.2)},
      {"LinearFirst", vanilla({.width = 9, .depth = 5, .architecture = linear_first})},
      {"LinearFirstWide", vanilla({.width = 8,
                                   .depth = 5,
                                   .alpha = alphas,
                                   .lambda = lambdas,
                                   .leak = 0.3,
                                   .branch_depth = 3,
                                   .architecture = {.branch = Branch::kLinearFirst, .branch_width = 21}})},
      {"LinearFirstNormalizedGelu", stable({.width = 9,
                                            .depth = 5,
                                            .architecture = {.branch = Branch::kLinearFirst,
                                                             .branch_width = 6,
                                                             .norm = Normalization::kPre,
                                                             .activation = Activation::kGelu,
                                                             .input_layer = InputLayer::kOrthogonal}})},
      {"LinearFirstOfOneNeuron", vanilla({.width = 1, .depth = 5, .architecture = linear_first})},
      {"LinearFirstWithoutSkip", vanilla({.width = 5, .depth = 5, .alpha = 0, .architecture = linear_first})},
      {"Orthogonal", vanilla({.width = 9, .depth = 5, .architecture = orthogonal})},
      {"OrthogonalDeepBranches",
       balanced({.width = 9, .depth = 5, .leak = 0.2, .branch_depth = 3, .architecture = orthogonal})},
      {"OrthogonalThroughout", vanilla({.width = 7,
                                        .depth = 5,
                                        .architecture = {.norm = Normalization::kFinal,
                                                         .activation = Activation::kGelu,
                                                         .weights = Weights::kOrthogonal,
                                                         .input_layer = InputLayer::kOrthogonal}})},
  };
}

}  // namespace initlaw
