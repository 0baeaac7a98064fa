#include "limit/log_chi_square.hpp"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <numbers>

#include "limit/boost_policy.hpp"

namespace initlaw {
namespace {

/// Past this a chi-square of 10^12 degrees of freedom has neither density nor survival left; e^y must not overflow.
constexpr double kLargestY = 700;

}  // namespace

LogChiSquare::LogChiSquare(std::size_t degrees_of_freedom)
    : a_(static_cast<double>(degrees_of_freedom) / 2),
      log_peak_(std::log(a_ * boost::math::gamma_p_derivative(a_, a_, BoostPolicy()))) {}

// In terms of r = e^y/k the log-density is its peak minus a (r - 1 - ln r), which does not cancel at large k.
double LogChiSquare::pdf(double y) const {
  const double log_r = y - std::numbers::ln2 - std::log(a_);
  if (log_r > kLargestY) return 0;
  const double excess =
      std::abs(log_r) < 0.5 ? -boost::math::log1pmx(std::expm1(log_r), BoostPolicy()) : std::expm1(log_r) - log_r;
  return std::exp(log_peak_ - a_ * excess);
}

double LogChiSquare::cdf(double y) const {
  return y > kLargestY ? 1 : boost::math::gamma_p(a_, std::exp(y) / 2, BoostPolicy());
}

double LogChiSquare::survival(double y) const {
  return y > kLargestY ? 0 : boost::math::gamma_q(a_, std::exp(y) / 2, BoostPolicy());
}

double LogChiSquare::mean() const { return boost::math::digamma(a_, BoostPolicy()) + std::numbers::ln2; }

double LogChiSquare::variance() const { return boost::math::trigamma(a_, BoostPolicy()); }

}  // namespace initlaw
