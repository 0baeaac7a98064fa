#pragma once

#include <cmath>
#include <numbers>

namespace initlaw {

/// How much of phi(x) = P x + q |x|, P^2 + q^2 = 1, is its kink: q^2 = (1 - leak)^2/(2 (1 + leak^2)).
inline double kink_share(double leak) { return (1 - leak) * (1 - leak) / (2 * (1 + leak * leak)); }

/// (2/pi) (sin theta - theta cos theta). A layer of activations takes cos theta to cos theta + q^2 times this.
inline double kernel_gain(double theta) {
  const double square = theta * theta;
  const double difference =
      theta < 0.2
          ? theta * square *
                (1.0 / 3 - square * (1.0 / 30 - square * (1.0 / 840 - square * (1.0 / 45360 - square / 3991680))))
          : std::sin(theta) - theta * std::cos(theta);
  return 2 / std::numbers::pi * difference;
}

/// What a layer of activations makes of cos theta.
inline double kernel_map(double q2, double cosine) {
  return std::fmin(cosine + q2 * kernel_gain(std::acos(cosine)), 1.0);
}

/// Its derivative: the same with phi' in place of phi.
inline double kernel_slope(double q2, double cosine) { return 1 - q2 * 2 / std::numbers::pi * std::acos(cosine); }

}  // namespace initlaw
