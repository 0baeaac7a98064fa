#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "initlaw/limit.hpp"

namespace initlaw {
namespace {

/// E phi(X) phi(Y) in polar coordinates: X = R cos u, Y = R cos(u - theta), E R^2 = 2.
double by_quadrature(double leak, double rho) {
  const double s = std::sqrt(2 / (1 + leak * leak));
  using boost::math::quadrature::gauss_kronrod;
  const auto phi = [&](double x) { return s * (x > 0 ? x : leak * x); };
  const double theta = std::acos(std::fmin(rho, 1.0));
  const auto integrand = [&](double u) { return phi(std::cos(u)) * phi(std::cos(u - theta)); };
  // Between the kinks.
  const double pi = std::numbers::pi;
  const double kinks[] = {-pi / 2, theta - pi / 2, pi / 2, theta + pi / 2, 3 * pi / 2};
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    if (kinks[i] < kinks[i + 1]) sum += gauss_kronrod<double, 31>::integrate(integrand, kinks[i], kinks[i + 1]);
  }
  return sum / pi;
}

TEST(InfiniteWidthCorrelation, IsTheExpectationThatDefinesIt) {
  for (const double leak : {0.0, 0.3, 1.0, -1.0, -0.4}) {
    for (const double rho : {-1.0, -0.7, 0.0, 0.2, 0.9, 1.0}) {
      const auto one = infinite_width_correlation(fully_connected({.width = 5, .depth = 1, .leak = leak}), rho);
      EXPECT_NEAR(one[1], by_quadrature(leak, rho), 1e-12) << leak << " " << rho;
      const auto residual = infinite_width_correlation(
          vanilla({.width = 5, .depth = 1, .alpha = 2, .lambda = 1, .leak = leak, .branch_depth = 2}), rho);
      EXPECT_NEAR(residual[1], 0.8 * rho + 0.2 * by_quadrature(leak, by_quadrature(leak, rho)), 1e-12)
          << leak << " " << rho;
    }
  }
}

TEST(InfiniteWidthCorrelation, GrowsToOneWithDepth) {
  const auto rho = infinite_width_correlation(vanilla({.width = 5, .depth = 100'000}), -1);
  EXPECT_EQ(rho.size(), 100'001);
  for (std::size_t l = 1; l < rho.size(); ++l) ASSERT_GE(rho[l], rho[l - 1]);
  EXPECT_GT(rho.back(), 1 - 1e-7);
}

TEST(InfiniteWidthCorrelation, OfALinearNetworkStaysInDeepOnes) {
  for (const double rho : {-1.0, 1.0, .3}) {
    for (const double last : infinite_width_correlation(vanilla({.width = 5, .depth = 1000, .leak = 1}), rho)) {
      ASSERT_NEAR(last, rho, 1e-13);
      ASSERT_LE(std::abs(last), 1);
    }
  }
}

TEST(InfiniteWidthCorrelation, RefusesWhatIsNoCosine) {
  const Network network = vanilla({.width = 5, .depth = 3});
  for (const double rho : {-1.1, 1.1, std::nan("")})
    EXPECT_THROW(infinite_width_correlation(network, rho), std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
