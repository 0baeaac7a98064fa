#pragma once

#include <complex>
#include <span>
#include <vector>

#include "law/gradient_steps.hpp"

namespace initlaw {

/// E e^{qX} of
///
///     X = E + ln(1 + theta integral C e^{Y - E}),      theta the square of an independent standard normal,
///
/// (E, Y) Brownian motions whose rates may change along the way, for several complex q at the same time.
///
/// As a function of D = ln theta for what is still to come, E e^{qX} obeys a linear equation, solved backwards. A step
/// of it is a Gaussian one, in which E and Y move, between two halves of one in which the overlap C acts; it is exact
/// but for the order of the two, and the error goes with even powers of the number of steps (Strang), of which three
/// numbers remove two. The Gaussian step is an integral by the trapezoidal rule. Where Y - E has a variance below 0.01
/// the integral's mean and variance given theta are enough, in closed form; where it has thousands, the path before the
/// last thousand or so enters only by Y.
///
/// Accuracy: absolute errors below 1e-6 for imaginary q and for q of the order of 1/(standard deviation of X); 1e-8
/// where the variance is below 0.01, and up to 100 if all layers have the same rates. Cost: O(layers), and for each q
/// up to some 10^6 evaluations of a complex exponential.
///
/// The sum of the overlaps and the variance of Y - E must be positive.
std::vector<std::complex<double>> gradient_transform(std::span<const GradientStep> layers,
                                                     std::span<const std::complex<double>> q);

}  // namespace initlaw
