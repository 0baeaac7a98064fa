#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "initlaw/limit.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {
namespace {

TEST(InfiniteWidthTangentKernel, IsTheSumOfItsLayers) {
  const Network network = vanilla(
      {.width = 30, .depth = 3, .alpha = 1, .lambda = std::vector{0.5, 0.0, 2.0}, .inputs = 2, .branch_depth = 2});
  const TangentKernel kernel = infinite_width_tangent_kernel(network, Input({3, 4}));
  ASSERT_EQ(kernel.share.size(), 5);
  EXPECT_NEAR(std::accumulate(kernel.share.begin(), kernel.share.end(), 0.0), 1, 1e-15);
  const double t1 = 0.25 / 1.25, t3 = 4.0 / 5;
  const double sum = 2 + 2 * (t1 + t3);
  EXPECT_NEAR(kernel.log_diagonal, std::log(12.5 * 1.25 * 1 * 5 * sum), 1e-13);
  EXPECT_NEAR(kernel.share[1], 2 * t1 / sum, 1e-15);
  EXPECT_EQ(kernel.share[2], 0);
  EXPECT_EQ(kernel.share[0], kernel.share[4]);
}

// Null hypothesis: the mean of Theta and each layer's mean share differ from infinite width's by a share of 10/n at
// most.
TEST(InfiniteWidthTangentKernel, IsThatOfWideNetworks) {
  constexpr std::size_t kWidth = 2000;
  for (const Network& network : {vanilla({.width = kWidth, .depth = 4, .leak = 0.2, .branch_depth = 2}),
                                 fully_connected({.width = kWidth, .depth = 3}),
                                 balanced({.width = kWidth, .depth = 5, .alpha = 1, .lambda = 0.5})}) {
    const TangentKernel expected = infinite_width_tangent_kernel(network);
    const Ensemble ensemble = simulate(network, {.samples = 2000, .gradients = OutputDirection::kRandom});
    const Gradients& gradients = *ensemble.gradients;
    const Estimate theta = gradients.ntk.mean();
    const double diagonal = std::exp(expected.log_diagonal);
    EXPECT_NEAR(theta.value, diagonal, 4.5 * theta.std_error + diagonal * 10 / kWidth);
    for (std::size_t l = 0; l <= network.depth(); ++l) {
      const Estimate share = gradients.layers[l].ntk_share;
      EXPECT_NEAR(share.value, expected.share[l], 4.5 * share.std_error + expected.share[l] * 10 / kWidth) << l;
    }
  }
}

// A ReLU layer without skip path multiplies the kernel by kappa_0 = 1 - acos(rho)/pi and adds kappa_1 (Jacot, Gabriel,
// Hongler 2018, with the arc-cosine kernels of Cho, Saul 2009).
TEST(InfiniteWidthTangentKernel, OfTwoInputsIsTheKnownOneOfReluNets) {
  const double pi = std::acos(-1.0);
  for (const double x : {-1.0, -0.7, 0.0, 0.4, 0.99}) {
    double rho = x, theta = x;
    for (int l = 0; l < 3; ++l) {
      const double kappa_0 = 1 - std::acos(rho) / pi;
      rho = rho * kappa_0 + std::sqrt(1 - rho * rho) / pi;
      theta = theta * kappa_0 + rho;
    }
    const Network network = fully_connected({.width = 10, .depth = 3});
    EXPECT_NEAR(infinite_width_tangent_correlation(network, x), (theta + rho) / 5, 1e-14) << x;
  }
}

TEST(InfiniteWidthTangentKernel, OfTwoInputsIsTheDiagonalForEqualOnesAndTheirCosineInLinearNets) {
  for (const std::size_t branch_depth : {1, 3}) {
    const Network network =
        vanilla({.width = 10, .depth = 7, .alpha = 0.6, .lambda = 1.3, .leak = 0.2, .branch_depth = branch_depth});
    EXPECT_NEAR(infinite_width_tangent_correlation(network, 1), 1, 1e-14);
    for (const double rho : {-1.0, -0.3, 0.0, 0.8}) {
      EXPECT_NEAR(infinite_width_tangent_correlation(network.with_leak(1), rho), rho, 1e-14);
    }
  }
  EXPECT_THROW(infinite_width_tangent_correlation(vanilla({.width = 10, .depth = 7}), 1.5), std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
