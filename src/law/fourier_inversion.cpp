#include "law/fourier_inversion.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "law/boost_policy.hpp"

namespace initlaw {

double fourier_step() { return std::numbers::pi / kFourierReach; }

double fourier_pdf(const FourierTransform& transform, double x) {
  if (std::abs(x) > kFourierReach) return 0;
  double sum = 0;
  for (std::size_t j = 0; j < transform.size(); ++j) {
    const double q = (static_cast<double>(j) + 0.5) * fourier_step();
    sum += (transform[j] * std::polar(1.0, -q * x)).real();
  }
  return std::max(0.0, sum * fourier_step() / std::numbers::pi);
}

double fourier_cdf(const FourierTransform& transform, double x) {
  if (std::abs(x) > kFourierReach) return x > 0 ? 1 : 0;
  double sum = 0;
  for (std::size_t j = 0; j < transform.size(); ++j) {
    const double q = (static_cast<double>(j) + 0.5) * fourier_step();
    sum += (transform[j] * std::polar(1.0, -q * x)).imag() / q;
  }
  return std::clamp(0.5 - sum * fourier_step() / std::numbers::pi, 0.0, 1.0);
}

double fourier_quantile(const FourierTransform& transform, double p) {
  if (p == 0 || p == 1) return std::copysign(std::numeric_limits<double>::infinity(), p - 0.5);
  constexpr double kSmallest = 1e-6;
  if (!(p >= kSmallest && p <= 1 - kSmallest)) {
    throw std::invalid_argument(fmt::format("p: {} is out of range [1e-6, 1 - 1e-6]", p));
  }
  std::uintmax_t iterations = 100;
  const auto [left, right] = boost::math::tools::toms748_solve(
      [&](double x) { return fourier_cdf(transform, x) - p; }, -kFourierReach, kFourierReach,
      boost::math::tools::eps_tolerance<double>(48), iterations, BoostPolicy());
  return left + (right - left) / 2;
}

}  // namespace initlaw
