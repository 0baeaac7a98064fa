#include "law/log_gamma.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <boost/math/tools/rational.hpp>
#include <cmath>
#include <numbers>

#include "law/boost_policy.hpp"

namespace initlaw {
namespace {

/// Past this neither density nor survival are left at any shape above 1e-200; a e^w must not overflow.
constexpr double kLargestW = 650;

/// Below this a e^w is on the way to underflow, and the distribution function is the first term of its power series.
constexpr double kSmallestW = -600;

/// From here on the tails come from an asymptotic series, whose error is then below 1e-12; there Boost.Math's need more
/// terms than it allows.
constexpr double kLargeShape = 1e5;

/// (r - 1 - ln r) for r = e^log_r.
double excess(double log_r) {
  return std::abs(log_r) < 0.5 ? -boost::math::log1pmx(std::expm1(log_r), BoostPolicy()) : std::expm1(log_r) - log_r;
}

/// P(g > r a) for sign = 1, and P(g <= r a) for sign = -1, at large a: the uniform expansion of the incomplete gamma
/// functions to order 1/a. Source: Temme (1979), DLMF 8.12.
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

LogGamma::LogGamma(double shape)
    : a_(shape),
      // At large shapes Stirling's series, of which the next term is 1/(360 a^3).
      log_peak_(a_ > kLargeShape ? std::log(a_ / (2 * std::numbers::pi)) / 2 - 1 / (12 * a_)
                                 : std::log(a_ * boost::math::gamma_p_derivative(a_, a_, BoostPolicy()))) {}

double LogGamma::pdf(double w) const { return w > kLargestW ? 0 : std::exp(log_peak_ - a_ * excess(w)); }

double LogGamma::cdf(double w) const {
  if (w > kLargestW) return 1;
  if (w < kSmallestW) return std::exp(a_ * (w + std::log(a_)) - boost::math::lgamma(a_ + 1, BoostPolicy()));
  if (a_ > kLargeShape) return tail_at_large_a(a_, w, -1);
  return boost::math::gamma_p(a_, a_ * std::exp(w), BoostPolicy());
}

double LogGamma::survival(double w) const {
  if (w > kLargestW) return 0;
  if (a_ > kLargeShape) return tail_at_large_a(a_, w, 1);
  return boost::math::gamma_q(a_, a_ * std::exp(w), BoostPolicy());
}

}  // namespace initlaw
