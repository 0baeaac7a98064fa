#pragma once

#include <complex>

namespace initlaw {

/// ln(Gamma(a + s)/(Gamma(a) a^s)) for a > 0 and Re(a + s) > 0, on some branch of the logarithm. The ratio is taken
/// directly, so that nothing cancels at large a: the absolute error is below 1e-14 (1 + |s|).
/// Method: the recurrence lifts a to 16 and more; there the difference of two Stirling series.
std::complex<double> log_gamma_ratio(double a, std::complex<double> s);

}  // namespace initlaw
