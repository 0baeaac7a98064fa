#pragma once

#include <complex>
#include <span>
#include <vector>

#include "limit/gradient_steps.hpp"

namespace initlaw {

/// E e^{qX} of
///
///     X = E + ln(1 + theta integral C e^{Y - E}),      theta the square of an independent standard normal,
///
/// (E, Y) Brownian motions whose rates may change along the way, for several complex q at the same time.
///
/// As a function of D = ln theta for what is still to come, E e^{qX} obeys a linear equation, solved backwards. A step
/// of it is a Gaussian one, in which E and Y move, between two halves of one in which the overlap C acts; it is exact
/// but for the order of the two, and the error goes with even powers of the number of steps (Strang), which three
/// numbers remove down to 1e-10. The Gaussian step is an integral by the trapezoidal rule.
///
/// Cost: some 3 10^4 evaluations of a complex exponential for each q.
std::vector<std::complex<double>> gradient_transform(std::span<const GradientStep> layers,
                                                     std::span<const std::complex<double>> q);

}  // namespace initlaw
