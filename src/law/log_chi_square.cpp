#include "law/log_chi_square.hpp"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <boost/math/tools/rational.hpp>
#include <cmath>
#include <numbers>

#include "law/boost_policy.hpp"

namespace initlaw {
namespace {

/// Past this a chi-square of 10^12 degrees of freedom has neither density nor survival left; e^y must not overflow.
constexpr double kLargestY = 700;

/// Below this e^y/2 is on the way to underflow, and the distribution function is the first term of its power series.
constexpr double kSmallestY = -650;

/// From here on the tails come from an asymptotic series, whose error is then below 1e-12; there Boost.Math's need more
/// terms than it allows.
constexpr double kLargeHalfDegrees = 1e5;

/// (r - 1 - ln r) for r = e^log_r.
double excess(double log_r) {
  return std::abs(log_r) < 0.5 ? -boost::math::log1pmx(std::expm1(log_r), BoostPolicy()) : std::expm1(log_r) - log_r;
}

/// P(chi^2/2 > r a) for sign = 1, and P(chi^2/2 <= r a) for sign = -1, at large a: the uniform expansion of the
/// incomplete gamma functions to order 1/a. Source: Temme (1979), DLMF 8.12.
double tail_at_large_a(double a, double log_r, double sign) {
  const double mu = std::expm1(log_r);
  const double eta = std::copysign(std::sqrt(2 * excess(log_r)), log_r);
  double c0 = 1 / mu - 1 / eta;
  double c1 = 1 / (eta * eta * eta) - (1 / mu + 1 + mu / 12) / (mu * mu);
  if (std::abs(eta) < 0.1) {
    constexpr double kC0[] = {-1.0 / 3, 1.0 / 12, -2.0 / 135, 1.0 / 864, 1.0 / 2835, -139.0 / 777600, 1.0 / 25515};
    constexpr double kC1[] = {-1.0 / 540, -1.0 / 288, 1.0 / 378, -77.0 / 77760};
    c0 = boost::math::tools::evaluate_polynomial(kC0, eta);
    c1 = boost::math::tools::evaluate_polynomial(kC1, eta);
  }
  const double correction = std::exp(-a * excess(log_r)) / std::sqrt(2 * std::numbers::pi * a) * (c0 + c1 / a);
  return std::erfc(sign * eta * std::sqrt(a / 2)) / 2 + sign * correction;
}

}  // namespace

LogChiSquare::LogChiSquare(std::size_t degrees_of_freedom)
    : a_(static_cast<double>(degrees_of_freedom) / 2),
      log_peak_(std::log(a_ * boost::math::gamma_p_derivative(a_, a_, BoostPolicy()))) {}

// In terms of r = e^y/k the log-density is its peak minus a (r - 1 - ln r), which does not cancel at large k.
double LogChiSquare::pdf(double y) const { return y > kLargestY ? 0 : std::exp(log_peak_ - a_ * excess(log_ratio(y))); }

double LogChiSquare::log_ratio(double y) const { return y - std::numbers::ln2 - std::log(a_); }

double LogChiSquare::cdf(double y) const {
  if (y > kLargestY) return 1;
  if (y < kSmallestY) return std::exp(a_ * (y - std::numbers::ln2) - boost::math::lgamma(a_ + 1, BoostPolicy()));
  if (a_ > kLargeHalfDegrees) return tail_at_large_a(a_, log_ratio(y), -1);
  return boost::math::gamma_p(a_, std::exp(y) / 2, BoostPolicy());
}

double LogChiSquare::survival(double y) const {
  if (y > kLargestY) return 0;
  if (a_ > kLargeHalfDegrees) return tail_at_large_a(a_, log_ratio(y), 1);
  return boost::math::gamma_q(a_, std::exp(y) / 2, BoostPolicy());
}

double LogChiSquare::mean() const { return boost::math::digamma(a_, BoostPolicy()) + std::numbers::ln2; }

double LogChiSquare::variance() const { return boost::math::trigamma(a_, BoostPolicy()); }

}  // namespace initlaw
