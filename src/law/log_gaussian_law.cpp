#include "law/log_gaussian_law.hpp"

#include <algorithm>
#include <boost/math/quadrature/trapezoidal.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <numbers>

#include "law/boost_policy.hpp"

namespace initlaw {
namespace {

/// The solution w > 0 of w + ln w = c, by Newton's method; the function is concave and increasing.
double solve_w_plus_log_w(double c) {
  if (c < -40) return std::exp(c);
  double w = c > 1 ? c - std::log(c) : std::exp(std::min(c, 0.0));
  for (int i = 0; i < 6; ++i) w -= (w + std::log(w) - c) * w / (w + 1);
  return w;
}

/// The integral over the real line of a log-concave function that is not negligible at one of two places, and whose
/// width is not much below `step`.
template <typename Function>
double integrate_log_concave(const Function& f, double one, double other, double step) {
  constexpr double kNegligible = 1e-19;
  const double start = f(one) > f(other) ? one : other;
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

double normal_density(double u) { return std::exp(-u * u / 2) * (std::numbers::inv_sqrtpi / std::numbers::sqrt2); }

}  // namespace

LogGaussianLaw::LogGaussianLaw(double mean, double variance, std::size_t outputs)
    : mean_(mean), sigma_(std::sqrt(variance)), outputs_(outputs), chi_square_(outputs) {}

// In terms of u = (L - mean)/sigma the density's integrand e^{-u^2/2 - a sigma u - e^{y - sigma u}/2}, a = k/2, has its
// mode at sigma u = w - a sigma^2 where w e^w = (sigma^2/2) e^{y + a sigma^2}, and there the second log-derivative
// -(1 + w).
LogGaussianLaw::Peak LogGaussianLaw::density_peak(double y) const {
  const double sigma2 = sigma_ * sigma_;
  const double a = chi_square_.half_degrees();
  const double w = solve_w_plus_log_w(std::log(sigma2 / 2) + y + a * sigma2);
  return {(w - a * sigma2) / sigma_, 1 / std::sqrt(1 + w)};
}

double LogGaussianLaw::pdf(double x) const {
  const double y = x - mean_;
  if (sigma_ == 0 || std::isinf(y)) return chi_square_.pdf(y);
  const auto integrand = [&](double u) { return normal_density(u) * chi_square_.pdf(y - sigma_ * u); };
  const auto [mode, width] = density_peak(y);
  return integrate_log_concave(integrand, mode, mode, width);
}

// E F(y - sigma u), F being chi-square's tail, or E Phi over chi-square's density: whichever function is the smoother
// on the scale of the other's density.
double LogGaussianLaw::tail(double x, double sign, double (LogChiSquare::*chi_square_tail)(double) const) const {
  const double y = x - mean_;
  if (sigma_ == 0 || std::isinf(y)) return (chi_square_.*chi_square_tail)(y);
  const auto [mode, width] = density_peak(y);
  if (sigma_ * sigma_ < chi_square_.variance()) {
    const auto integrand = [&](double u) { return normal_density(u) * (chi_square_.*chi_square_tail)(y - sigma_ * u); };
    return integrate_log_concave(integrand, mode, 0, width);
  }
  const auto integrand = [&](double t) {
    return std::erfc(sign * (y - t) / (sigma_ * std::numbers::sqrt2)) / 2 * chi_square_.pdf(t);
  };
  const double chi_square_mode = std::log(2 * chi_square_.half_degrees());
  const double chi_square_width = std::sqrt(chi_square_.variance());
  return integrate_log_concave(integrand, y - sigma_ * mode, chi_square_mode,
                               std::min(sigma_ * width, chi_square_width));
}

double LogGaussianLaw::cdf(double x) const { return tail(x, -1, &LogChiSquare::cdf); }
double LogGaussianLaw::survival(double x) const { return tail(x, 1, &LogChiSquare::survival); }

std::unique_ptr<const LogNormLaw> LogGaussianLaw::with_outputs(std::size_t outputs) const {
  return std::make_unique<LogGaussianLaw>(mean_, sigma_ * sigma_, outputs);
}

double LogGaussianLaw::sample_scale(std::mt19937_64& generator) const {
  return mean_ + sigma_ * boost::random::normal_distribution<double>()(generator);
}

}  // namespace initlaw
