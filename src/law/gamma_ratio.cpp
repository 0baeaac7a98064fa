#include "law/gamma_ratio.hpp"

#include <array>
#include <cmath>

namespace initlaw {
namespace {

using Complex = std::complex<double>;

Complex log1p(Complex w) { return {0.5 * std::log1p(2 * w.real() + std::norm(w)), std::atan2(w.imag(), 1 + w.real())}; }

/// Stirling's series ln Gamma(z) - (z - 1/2) ln z + z - ln(2 pi)/2, for Re z >= 16 (Abramowitz and Stegun 6.1.40).
Complex stirling_tail(Complex z) {
  constexpr std::array kCoefficients = {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360};
  const Complex inverse = 1.0 / z;
  const Complex inverse2 = inverse * inverse;
  Complex sum = 0;
  for (auto c = kCoefficients.rbegin(); c != kCoefficients.rend(); ++c) sum = sum * inverse2 + *c;
  return sum * inverse;
}

}  // namespace

Complex log_gamma_ratio(double a, Complex s) {
  constexpr double kLarge = 16;
  // Gamma(a + s)/(Gamma(a) a^s) = prod_j 1/(1 + s/(a + j)) ((a + m)/a)^s times the same ratio at a + m.
  Complex lifted = 0;
  const double start = a;
  for (; a < kLarge || a + s.real() < kLarge; ++a) lifted -= log1p(s / a);
  if (a != start) lifted += s * std::log(a / start);
  return lifted + (a + s - 0.5) * log1p(s / a) - s + stirling_tail(a + s) - stirling_tail(a);
}

}  // namespace initlaw
