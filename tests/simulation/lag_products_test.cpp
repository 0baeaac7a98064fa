#include "simulation/lag_products.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/simd_targets.hpp"

namespace initlaw {
namespace {

TEST(LagProducts, AreTheMeansOverLayersOnEveryInstructionSet) {
  constexpr std::size_t kLayers = 7;
  std::vector<double> S(kLayers * kBlock);
  for (std::size_t i = 0; i < S.size(); ++i) S[i] = std::sin(static_cast<double>(i * i));
  const std::vector<double> root_widths = {1, 2, 3, 1.5, 2.5, 1, 4};
  for (std::size_t lag = 0; lag < kLayers; ++lag) {
    const auto chosen = lag_products(S, root_widths, lag);
    for (std::size_t i = 0; i < kBlock; ++i) {
      double sum = 0;
      for (std::size_t m = 0; m + lag < kLayers; ++m) {
        sum += root_widths[m] * S[m * kBlock + i] * root_widths[m + lag] * S[(m + lag) * kBlock + i];
      }
      EXPECT_NEAR(chosen[i], sum / static_cast<double>(kLayers - lag), 1e-14);
    }
    for (const std::int64_t target : support::simd_targets()) {
      const support::OnTarget on_target(target);
      EXPECT_EQ(lag_products(S, root_widths, lag), chosen) << hwy::TargetName(target);
    }
  }
}

}  // namespace
}  // namespace initlaw
