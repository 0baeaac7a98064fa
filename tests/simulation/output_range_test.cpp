#include "simulation/output_range.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "initlaw/simulate.hpp"

namespace initlaw {
namespace {

// Bounds that a formula gives must hold what real networks do, and bins be small beside its spread.
TEST(OutputHistogram, HoldsNetworksOfAllKindsInManyBins) {
  const std::vector<Network> networks = {
      vanilla({.width = 100, .depth = 50, .outputs = 10}),
      vanilla({.width = 1, .depth = 300}),
      vanilla({.width = 2, .depth = 1000}),
      vanilla({.width = 4, .depth = 400, .alpha = 1, .lambda = 0.3}),
      vanilla({.width = 4, .depth = 400, .alpha = 0.3, .lambda = 1}),
      vanilla({.width = 16, .depth = 100, .branch_depth = 5}),
      vanilla({.width = 16, .depth = 100, .alpha = -0.7}),
      vanilla({.width = 16, .depth = 100}).with_leak(-1),
      balanced({.width = 3, .depth = 300, .outputs = 1000}),
      stable({.width = 5000, .depth = 1, .residual_scale = 0.01, .outputs = 100'000}),
      stable({.width = 5000, .depth = 20, .residual_scale = 0.1}),
      fully_connected({.width = 1, .depth = 2}),
      fully_connected({.width = 30, .depth = 200, .outputs = 3}),
      fully_connected({.width = 1, .depth = 200, .leak = 0.5}),
  };
  for (const Network& network : networks) {
    SCOPED_TRACE(to_json(network));
    const Ensemble ensemble = simulate(network, {.samples = 20'000});
    for (const auto& histogram : {ensemble.log_output_norm2_histogram, ensemble.log_output_square_histogram}) {
      ASSERT_TRUE(histogram);
      EXPECT_GT(histogram->smallest(), histogram->low_edge(0));
      EXPECT_LT(histogram->largest(), histogram->low_edge(Histogram::kBins));
      const double bin = histogram->low_edge(1) - histogram->low_edge(0);
      // Most of width 1 and 2 freeze: their spread is the smallest beside the rough one.
      EXPECT_GT((histogram->quantile(0.84).value - histogram->quantile(0.16).value) / 2,
                (network.width(0) < 3 ? 100 : 300) * bin);
    }
  }
}

}  // namespace
}  // namespace initlaw
