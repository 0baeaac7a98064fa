#include "law/activation_covariance.hpp"

#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <functional>
#include <numbers>

#include "law/layer_sums.hpp"

namespace initlaw {
namespace {

Correlation correlation(double rho) { return {rho, std::sqrt(1 - rho * rho)}; }

constexpr double kCorrelations[] = {-0.99, -0.7, -0.2, 0.0, 0.1, 0.5, 0.8, 0.95, 0.999};

/// E g(X, Y), standard normal of correlation rho, in polar coordinates: X = r cos u, Y = r sin(u + arcsin rho). The g
/// of these tests are homogeneous of degree k, so the radius contributes E R^k, and smooth between the signs' changes.
double expectation(const std::function<double(double, double)>& g, double degree, double rho) {
  const double tilt = std::asin(rho);
  const double radius = std::pow(2.0, degree / 2) * std::tgamma(1 + degree / 2);
  const auto on_circle = [&](double u) { return g(std::cos(u), std::sin(u + tilt)); };
  const double edges[] = {-tilt, std::numbers::pi / 2, std::numbers::pi - tilt, 3 * std::numbers::pi / 2,
                          2 * std::numbers::pi - tilt};
  double sum = 0;
  for (int i = 0; i < 4; ++i)
    sum += boost::math::quadrature::gauss<double, 30>::integrate(on_circle, edges[i], edges[i + 1]);
  return radius * sum / (2 * std::numbers::pi);
}

double signed_square(double x) { return x * std::abs(x); }

TEST(Engine, IsTheExpectationThatDefinesIt) {
  for (const double rho : kCorrelations) {
    const double K = expectation([](double x, double y) { return signed_square(x) * signed_square(y); }, 4, rho);
    EXPECT_NEAR(activation_covariance(correlation(rho)), K, 1e-13) << rho;
  }
}

TEST(KernelDerivative, IsTheExpectationOfTheDerivatives) {
  for (const double rho : kCorrelations) {
    const double dK = expectation([](double x, double y) { return 4 * std::abs(x) * std::abs(y); }, 2, rho);
    EXPECT_NEAR(activation_covariance_derivative(correlation(rho)), dK, 1e-13) << rho;
  }
}

TEST(KernelDerivative, IsTheKernelsSlope) {
  for (const double rho : kCorrelations) {
    const double step = 1e-5;
    const double slope =
        (activation_covariance(correlation(rho + step)) - activation_covariance(correlation(rho - step))) / (2 * step);
    EXPECT_NEAR(activation_covariance_derivative(correlation(rho)), slope, 1e-7) << rho;
  }
}

TEST(ActiveExcessKernel, IsTheSlopeOfTheSignsAgainstTheSquares) {
  // q's kernel: d/d rho of E sgn(X) f(Y), f(y) = y|y|, is E sgn'(X) f'(Y) = (4/pi) sqrt(1 - rho^2).
  for (const double rho : kCorrelations) {
    const auto mixed = [](double r) {
      return expectation([](double x, double y) { return std::copysign(1.0, x) * signed_square(y); }, 2, r);
    };
    const double step = 1e-5 * (1 - std::abs(rho));
    const double slope = (mixed(rho + step) - mixed(rho - step)) / (2 * step);
    EXPECT_NEAR(4 / std::numbers::pi * correlation(rho).complement, slope, 1e-5) << rho;
  }
}

TEST(Engine, HasItsKnownValues) {
  EXPECT_EQ(activation_covariance({0, 1}), 0);
  EXPECT_DOUBLE_EQ(activation_covariance({1, 0}), 3);
  EXPECT_DOUBLE_EQ(activation_covariance({-1, 0}), -3);
  EXPECT_DOUBLE_EQ(activation_covariance_derivative({0, 1}), 8 / std::numbers::pi);
  EXPECT_DOUBLE_EQ(activation_covariance_derivative({1, 0}), 4);
}

TEST(Engine, HasThePapersForm) {
  // K(cos theta) = 2 J_2(theta)/pi - 1 - 2 cos^2 theta.
  for (const double rho : kCorrelations) {
    const double theta = std::acos(rho);
    const double J2 = 3 * std::sin(theta) * rho + (std::numbers::pi - theta) * (1 + 2 * rho * rho);
    EXPECT_NEAR(activation_covariance(correlation(rho)), 2 * J2 / std::numbers::pi - 1 - 2 * rho * rho, 1e-14) << rho;
  }
}

TEST(Engine, IsOddAndItsDerivativeEven) {
  for (const double rho : kCorrelations) {
    EXPECT_EQ(activation_covariance(correlation(-rho)), -activation_covariance(correlation(rho)));
    EXPECT_EQ(activation_covariance_derivative(correlation(-rho)), activation_covariance_derivative(correlation(rho)));
  }
}

TEST(CorrelationProduct, KeepsTheComplementsDigitsNearOne) {
  // a^2 = 1/(1 + lambda^2), so sqrt(1 - a^2) = lambda/sqrt(1 + lambda^2).
  CorrelationProduct product;
  product.multiply(layer_scale(vanilla({.width = 1, .depth = 1, .alpha = 1.0, .lambda = 1e-9}), 1));
  EXPECT_EQ(product.value().rho, 1);
  EXPECT_NEAR(product.value().complement, 1e-9, 1e-22);
}

TEST(CorrelationProduct, TakesTheSignOfTheProduct) {
  const LayerScale negative = layer_scale(vanilla({.width = 1, .depth = 1, .alpha = -0.8, .lambda = 0.6}), 1);
  CorrelationProduct product;
  product.multiply(negative);
  EXPECT_NEAR(product.value().rho, -0.8, 1e-15);
  product.multiply(negative);
  EXPECT_NEAR(product.value().rho, 0.64, 1e-15);
  EXPECT_NEAR(product.value().complement, std::sqrt(1 - 0.64 * 0.64), 1e-15);
}

TEST(CorrelationProduct, IsZeroAfterALayerWithoutSkip) {
  CorrelationProduct product;
  product.multiply(layer_scale(vanilla({.width = 1, .depth = 1, .alpha = 0.0, .lambda = 0.6}), 1));
  product.multiply(layer_scale(vanilla({.width = 1, .depth = 1, .alpha = 0.8, .lambda = 0.6}), 1));
  EXPECT_EQ(product.value().rho, 0);
  EXPECT_EQ(product.value().complement, 1);
}

}  // namespace
}  // namespace initlaw
