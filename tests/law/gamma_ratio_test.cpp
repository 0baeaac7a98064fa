#include "law/gamma_ratio.hpp"

#include <gtest/gtest.h>

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

namespace initlaw {
namespace {

using Complex = std::complex<double>;

TEST(LogGammaRatio, IsTheLogarithmOfGammasForRealShifts) {
  for (const double a : {0.5, 1.0, 2.5, 15.5, 16.0, 40.0}) {
    for (const double s : {-0.45, -0.1, 0.3, 1.0, 2.0, 5.5}) {
      const double expected = -std::log(boost::math::tgamma_delta_ratio(a, s)) - s * std::log(a);
      EXPECT_NEAR(log_gamma_ratio(a, s).real(), expected, 1e-13) << a << " " << s;
      EXPECT_EQ(log_gamma_ratio(a, s).imag(), 0) << a << " " << s;
    }
  }
}

TEST(LogGammaRatio, HasTheKnownModulusOnTheImaginaryAxis) {
  for (const double t : {0.1, 1.0, 5.0, 30.0}) {
    // |Gamma(1/2 + it)|^2 = pi/cosh(pi t), |Gamma(1 + it)|^2 = pi t/sinh(pi t).
    EXPECT_NEAR(2 * log_gamma_ratio(0.5, Complex(0, t)).real(), -std::log(std::cosh(std::numbers::pi * t)),
                1e-14 * (1 + 10 * t));
    EXPECT_NEAR(2 * log_gamma_ratio(1, Complex(0, t)).real(),
                std::log(std::numbers::pi * t / std::sinh(std::numbers::pi * t)), 1e-14 * (1 + 10 * t));
  }
}

TEST(LogGammaRatio, ObeysTheRecurrence) {
  // Gamma(a + s + 1) = (a + s) Gamma(a + s).
  for (const double a : {0.5, 3.0, 20.0, 1e4, 1e9}) {
    for (const Complex s : {Complex(-0.3, 2), Complex(0.4, 25), Complex(2, -7)}) {
      const Complex quotient = std::exp(log_gamma_ratio(a, s + 1.0) - log_gamma_ratio(a, s));
      EXPECT_NEAR(std::abs(quotient - (a + s) / a), 0, 1e-13 * (1 + std::abs(s)) * std::abs((a + s) / a)) << a << s;
    }
  }
}

TEST(LogGammaRatio, DoesNotCancelAtLargeArguments) {
  // ln(Gamma(a + s)/(Gamma(a) a^s)) = s (s - 1)/(2a) + O(a^-2).
  for (const Complex s : {Complex(0.5, 0), Complex(0, 3), Complex(1.5, -4)}) {
    const double a = 5e11;
    EXPECT_NEAR(std::abs(log_gamma_ratio(a, s) - s * (s - 1.0) / (2 * a)), 0, 5e-14) << s;
  }
}

TEST(LogGammaRatio, IsZeroForNoShift) {
  for (const double a : {0.5, 3.0, 1e6}) EXPECT_EQ(std::abs(log_gamma_ratio(a, 0)), 0);
}

}  // namespace
}  // namespace initlaw
