#include <gtest/gtest.h>

#include <cmath>

#include "comparison/best_law.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {
namespace {

Network narrow(std::size_t width, std::size_t depth) {
  return vanilla({.width = width, .depth = depth, .architecture = {.norm = Normalization::kPre}});
}

// Null hypothesis: float, double and dense networks have the same share of frozen ones and the same mean of G, though
// frozen ones leave a float's range. 4.5 standard errors.
TEST(NormalizedNetworks, FreezeAndDoNotDieInEveryPrecision) {
  struct Case {
    Network network;
    Input input;
  };
  for (const auto& [network, input] : {Case{narrow(4, 300), Input()}, Case{narrow(8, 200), Input()},
                                       Case{narrow(4, 4), Input({1e-25})}, Case{narrow(4, 4), Input({1e-160})}}) {
    const Ensemble reference = simulate(network, {.samples = 4000, .precision = Precision::kDouble}, input);
    EXPECT_GT(reference.frozen, 40);
    for (const SimulationOptions& options :
         {SimulationOptions{.samples = 4000, .seed = 2},
          SimulationOptions{.samples = 1000, .seed = 3, .method = Method::kDense},
          SimulationOptions{.samples = 1000, .seed = 4, .method = Method::kDense, .precision = Precision::kDouble}}) {
      const Ensemble ensemble = simulate(network, options, input);
      EXPECT_EQ(ensemble.dead, 0);
      const double p = static_cast<double>(reference.frozen) / 4000;
      const double share = static_cast<double>(ensemble.frozen) / static_cast<double>(options.samples);
      EXPECT_LE(std::abs(share - p),
                4.5 * std::sqrt(p * (1 - p) * (1.0 / 4000 + 1.0 / static_cast<double>(options.samples))));
      const Estimate mean = ensemble.growth.mean(), expected = reference.growth.mean();
      EXPECT_LT(std::abs(mean.value - expected.value), 4.5 * std::hypot(mean.std_error, expected.std_error));
      // Histograms hold the frozen ones.
      const double lowest = 2 * std::log(input.size() == 0 ? 1 : std::abs(input.values(network)[0])) +
                            static_cast<double>(network.depth()) * std::log(0.5) - 40;
      EXPECT_LT(ensemble.log_output_norm2_histogram->low_edge(0), lowest);
    }
  }
}

TEST(BestLaw, IsNoneWhereNormalizedNetworksFreeze) {
  EXPECT_EQ(best_law(narrow(8, 200), {}).accuracy, LawAccuracy::kUnknown);
  EXPECT_EQ(best_law(narrow(30, 200), {}).accuracy, LawAccuracy::kFirstOrder);
  EXPECT_EQ(best_law(narrow(8, 200).with_flip(0.5), {}).accuracy, LawAccuracy::kFirstOrder);
}

}  // namespace
}  // namespace initlaw
