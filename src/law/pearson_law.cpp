#include "law/pearson_law.hpp"

#include <algorithm>
#include <boost/math/quadrature/trapezoidal.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <boost/math/tools/roots.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "law/boost_policy.hpp"

namespace initlaw {
namespace {

/// The largest |skewness|/2 that is none to a double: rho u^3/3 is what it adds to a log-density, out to u = 40.
constexpr double kNoSkewness = 1e-21;

/// Below this |rho| the standardized gamma variable is drawn from its expansion in rho; the next term is of order
/// rho^2.
constexpr double kSmallRho = 1e-6;

/// The root of a decreasing function.
template <typename Function>
double solve_decreasing(const Function& f) {
  const auto clamped = [&](double v) { return std::clamp(f(v), -1e6, 1e6); };
  const double direction = clamped(0) > 0 ? 1 : -1;
  double near = 0;
  double far = direction;
  while (clamped(far) * direction > 0) {
    near = far;
    far *= 2;
  }
  std::uintmax_t iterations = 100;
  const auto [low, high] =
      boost::math::tools::toms748_solve(clamped, std::min(near, far), std::max(near, far),
                                        boost::math::tools::eps_tolerance<double>(), iterations, BoostPolicy());
  return low + (high - low) / 2;
}

/// The integral over the real line of a function with one peak that is not negligible at `start`, and whose width is
/// not much below `step`.
template <typename Function>
double integrate_peak(const Function& f, double start, double step) {
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

double normal_tail(double u) { return std::erfc(u / std::numbers::sqrt2) / 2; }

}  // namespace

StandardPearson::StandardPearson(double skewness)
    : rho_(std::abs(skewness) / 2 > kNoSkewness ? skewness / 2 : 0), gamma_(rho_ == 0 ? 1 : 1 / (rho_ * rho_)) {}

double StandardPearson::u(double v) const { return rho_ == 0 ? v : std::expm1(rho_ * v) / rho_; }

double StandardPearson::slope(double v) const { return std::exp(rho_ * v); }

double StandardPearson::pdf(double v) const {
  if (rho_ == 0) return std::exp(-v * v / 2) * (std::numbers::inv_sqrtpi / std::numbers::sqrt2);
  return std::abs(rho_) * gamma_.pdf(rho_ * v);
}

double StandardPearson::cdf(double v) const {
  if (rho_ == 0) return normal_tail(-v);
  return rho_ > 0 ? gamma_.cdf(rho_ * v) : gamma_.survival(rho_ * v);
}

double StandardPearson::survival(double v) const {
  if (rho_ == 0) return normal_tail(v);
  return rho_ > 0 ? gamma_.survival(rho_ * v) : gamma_.cdf(rho_ * v);
}

double StandardPearson::log_transform(double s) const {
  if (rho_ == 0) return s * s / 2;
  if (rho_ * s >= 1) return std::numeric_limits<double>::infinity();
  return -boost::math::log1pmx(-rho_ * s, BoostPolicy()) / (rho_ * rho_);
}

double StandardPearson::sample(std::mt19937_64& generator) const {
  if (std::abs(rho_) < kSmallRho) {
    const double z = boost::random::normal_distribution<double>()(generator);
    return z + rho_ * (z * z - 1) / 3;
  }
  const double g = boost::random::gamma_distribution<double>(gamma_.shape())(generator);
  return (g / gamma_.shape() - 1) / rho_;
}

PearsonLaw::PearsonLaw(const LogNormCumulants& cumulants, std::size_t outputs)
    : cumulants_(cumulants),
      sigma_(std::sqrt(cumulants.variance)),
      pearson_(sigma_ == 0 ? 0 : cumulants.third / (sigma_ * cumulants.variance)),
      outputs_(outputs),
      chi_square_(outputs) {}

// The integrand's logarithm, with t = y - sigma u(v) and a = k/2, has the derivative -u - sigma u' (a - e^t/2). It has
// one root, and there the second derivative is -1 - sigma^2 u'^2 e^t/2 = -1 - sigma u' (sigma u' a + u).
PearsonLaw::Peak PearsonLaw::density_peak(double y) const {
  const double a = chi_square_.half_degrees();
  const double mode = solve_decreasing([&](double v) {
    const double u = pearson_.u(v);
    return -u - sigma_ * pearson_.slope(v) * (a - std::exp(y - sigma_ * u) / 2);
  });
  const double slope = sigma_ * pearson_.slope(mode);
  return {mode, 1 / std::sqrt(1 + slope * std::max(0.0, slope * a + pearson_.u(mode)))};
}

bool PearsonLaw::is_out_of_reach(double y) const {
  constexpr double kLargest = 700;  // ln chi^2 has no probability left there that a double holds
  return pearson_.rho() < 0 && y + sigma_ / pearson_.rho() > kLargest;
}

double PearsonLaw::pdf(double x) const {
  const double y = x - cumulants_.mean;
  if (sigma_ == 0 || std::isinf(y)) return chi_square_.pdf(y);
  if (is_out_of_reach(y)) return 0;
  const auto integrand = [&](double v) { return pearson_.pdf(v) * chi_square_.pdf(y - sigma_ * pearson_.u(v)); };
  const auto [mode, width] = density_peak(y);
  return integrate_peak(integrand, mode, width);
}

// The mean over L of ln chi^2's tail, or the mean over ln chi^2 of L's tail: whichever function is the smoother on the
// scale of the other's density.
double PearsonLaw::smaller_tail(double y, double (LogChiSquare::*chi_square_tail)(double) const,
                                double (StandardPearson::*pearson_tail)(double) const, double beyond) const {
  if (is_out_of_reach(y)) return beyond;
  const auto [mode, width] = density_peak(y);
  if (cumulants_.variance < chi_square_.variance()) {
    const auto integrand = [&](double v) {
      return pearson_.pdf(v) * (chi_square_.*chi_square_tail)(y - sigma_ * pearson_.u(v));
    };
    return integrate_peak(integrand, mode, width);
  }
  const auto integrand = [&](double v) {
    return (pearson_.*pearson_tail)(v)*sigma_ * pearson_.slope(v) * chi_square_.pdf(y - sigma_ * pearson_.u(v));
  };
  return beyond + integrate_peak(integrand, mode, width);
}

double PearsonLaw::cdf(double x) const {
  const double y = x - cumulants_.mean;
  if (sigma_ == 0 || std::isinf(y)) return chi_square_.cdf(y);
  if (x > mean()) return 1 - survival(x);
  const double beyond = pearson_.rho() < 0 ? chi_square_.cdf(y + sigma_ / pearson_.rho()) : 0;
  return smaller_tail(y, &LogChiSquare::cdf, &StandardPearson::cdf, beyond);
}

double PearsonLaw::survival(double x) const {
  const double y = x - cumulants_.mean;
  if (sigma_ == 0 || std::isinf(y)) return chi_square_.survival(y);
  if (x <= mean()) return 1 - cdf(x);
  const double beyond = pearson_.rho() > 0 ? chi_square_.survival(y + sigma_ / pearson_.rho()) : 0;
  return smaller_tail(y, &LogChiSquare::survival, &StandardPearson::survival, beyond);
}

double PearsonLaw::log_scale_moment(double s) const {
  return s < 0 ? s * cumulants_.mean + pearson_.log_transform(s * sigma_) : cumulants_.log_moment(s);
}

std::unique_ptr<const LogNormLaw> PearsonLaw::with_outputs(std::size_t outputs) const {
  return std::make_unique<PearsonLaw>(cumulants_, outputs);
}

double PearsonLaw::sample_scale(std::mt19937_64& generator) const {
  return cumulants_.mean + sigma_ * pearson_.sample(generator);
}

}  // namespace initlaw
