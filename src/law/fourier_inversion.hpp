#pragma once

#include <complex>
#include <vector>

namespace initlaw {

/// A law of mean 0 and variance 1 by its transform E e^{iqx} at q = (j + 1/2) fourier_step(), j = 0, 1, ..., beyond
/// which it is negligible. The midpoint rule takes Fourier's integrals exactly but for what lies farther from the mean
/// than kFourierReach.
using FourierTransform = std::vector<std::complex<double>>;

/// Beyond so many standard deviations there is no more than 1e-12 of a law that is nearly normal.
inline constexpr double kFourierReach = 12;

/// Between frequencies: their period holds the law.
double fourier_step();
double fourier_pdf(const FourierTransform& transform, double x);
double fourier_cdf(const FourierTransform& transform, double x);
/// The x with cdf(x) = p; infinite for p = 0 and 1. Throws std::invalid_argument for another p unless 1e-6 <= p <= 1 -
/// 1e-6.
double fourier_quantile(const FourierTransform& transform, double p);

}  // namespace initlaw
