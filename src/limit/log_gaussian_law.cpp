#include "limit/log_gaussian_law.hpp"

#include <algorithm>
#include <boost/math/quadrature/trapezoidal.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <numbers>

#include "limit/boost_policy.hpp"

namespace initlaw {
namespace {

/// The solution w > 0 of w + ln w = c, by Newton's method; the function is concave and increasing.
double solve_w_plus_log_w(double c) {
  double w = c > 1 ? c - std::log(c) : std::exp(std::min(c, 0.0));
  for (int i = 0; i < 6; ++i) w -= (w + std::log(w) - c) * w / (w + 1);
  return w;
}

/// The integral over the real line of a log-concave function whose mode is near `start` and whose width there is near
/// `step`.
template <typename Function>
double integrate_log_concave(const Function& f, double start, double step) {
  constexpr double kNegligible = 1e-19;
  double largest = f(start);
  const auto walk = [&](double direction) {
    double distance = step;
    for (double value = f(start + direction * distance); value > kNegligible * largest;
         value = f(start + direction * distance)) {
      largest = std::max(largest, value);
      distance *= 1.5;
    }
    return start + direction * distance;
  };
  const double high = walk(1);
  const double low = walk(-1);
  if (largest == 0) return 0;
  // The rule's error is about the square of the difference of its last two refinements, which this tolerance bounds.
  return boost::math::quadrature::trapezoidal(f, low, high, 1e-9, 15);
}

}  // namespace

LogGaussianLaw::LogGaussianLaw(double mean, double variance, std::size_t outputs)
    : mean_(mean), sigma_(std::sqrt(variance)), outputs_(outputs), chi_square_(outputs) {}

double LogGaussianLaw::convolve(double x, double (LogChiSquare::*function)(double) const) const {
  const double y = x - mean_;
  if (sigma_ == 0) return (chi_square_.*function)(y);
  const auto integrand = [&](double u) { return std::exp(-u * u / 2) * (chi_square_.*function)(y - sigma_ * u); };
  // The density's integrand e^{-u^2/2 - a sigma u - e^{y - sigma u}/2}, a = k/2, has its mode at sigma u = w - a
  // sigma^2 where w e^w = (sigma^2/2) e^{y + a sigma^2}, and there the second log-derivative -(1 + w).
  const double sigma2 = sigma_ * sigma_;
  const double a = chi_square_.half_degrees();
  const double w = solve_w_plus_log_w(std::log(sigma2 / 2) + y + a * sigma2);
  const double mode = (w - a * sigma2) / sigma_;
  return integrate_log_concave(integrand, mode, 1 / std::sqrt(1 + w)) *
         (std::numbers::inv_sqrtpi / std::numbers::sqrt2);
}

double LogGaussianLaw::pdf(double x) const { return convolve(x, &LogChiSquare::pdf); }
double LogGaussianLaw::cdf(double x) const { return convolve(x, &LogChiSquare::cdf); }
double LogGaussianLaw::survival(double x) const { return convolve(x, &LogChiSquare::survival); }

std::unique_ptr<const LogNormLaw> LogGaussianLaw::with_outputs(std::size_t outputs) const {
  return std::make_unique<LogGaussianLaw>(mean_, sigma_ * sigma_, outputs);
}

double LogGaussianLaw::sample_scale(std::mt19937_64& generator) const {
  return mean_ + sigma_ * boost::random::normal_distribution<double>()(generator);
}

}  // namespace initlaw
