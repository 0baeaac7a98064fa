#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "initlaw/finite_width.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {
namespace {

double deviations(const Estimate& estimate, double value) { return (estimate.value - value) / estimate.std_error; }

// Null hypothesis: mean and variance of G are those of the third order, whose remainder is below the sampling error
// here. The limit's are rejected by the same samples.
TEST(FiniteWidthLaw, HasTheMeanAndVarianceOfSimulatedNetworks) {
  const std::vector<Network> networks = {
      vanilla({.width = 30,
               .depth = 8,
               .alpha = std::vector<double>{.9, .3, 1.1, .5, .8, -.9, .7, 1},
               .lambda = std::vector<double>{.4, 1, .3, .7, .6, .5, 0, .4},
               .leak = 0.2})
          .with_flip(0.1),
      vanilla({.width = 40, .depth = 6, .branch_depth = 2}),
      balanced({.width = 20, .depth = 10, .alpha = 0.5, .lambda = 0.8}),
  };
  for (const Network& network : networks) {
    const Ensemble ensemble = simulate(network, {.samples = 400'000, .seed = 5});
    const LogNormCumulants third = log_norm_cumulants(network, FiniteWidthOrder::kThird);
    EXPECT_LT(std::abs(deviations(ensemble.growth.mean(), third.mean)), 4) << to_json(network);
    EXPECT_LT(std::abs(deviations(ensemble.growth.variance(), third.variance)), 4) << to_json(network);
    EXPECT_GT(std::abs(deviations(ensemble.growth.variance(), log_gaussian_growth(network).variance)), 6)
        << to_json(network);
  }
}

// Null hypothesis: n E[S_l] and the share of active neurons are those of layer_activity. The limit's are rejected.
TEST(LayerActivity, IsThatOfSimulatedNetworks) {
  const Network network = vanilla({.width = 60, .depth = 10});
  const Ensemble ensemble = simulate(network, {.samples = 200'000, .seed = 6, .estimator = Estimator::kAntithetic});
  const auto activity = layer_activity(network);
  const auto h = hypoactivation(network);
  const auto fraction = active_fraction(network);
  for (std::size_t l = 1; l < network.depth(); ++l) {
    EXPECT_LT(std::abs(deviations(ensemble.hypoactivation(l), activity[l].hypoactivation)), 4.5) << l;
    EXPECT_LT(std::abs(deviations(ensemble.active_fraction(l), activity[l].active_fraction)), 4.5) << l;
  }
  EXPECT_GT(std::abs(deviations(ensemble.hypoactivation(9), h[9])), 10);
  EXPECT_GT(std::abs(deviations(ensemble.active_fraction(9), fraction[9])), 10);
}

}  // namespace
}  // namespace initlaw
