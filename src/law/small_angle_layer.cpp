#include "law/small_angle_layer.hpp"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>

#include "law/boost_policy.hpp"
#include "law/gamma_ratio.hpp"

namespace initlaw {
namespace {

double mean_given(double N) {
  return (boost::math::digamma((N - 1) / 2, BoostPolicy()) - boost::math::digamma(N / 2, BoostPolicy())) / 2;
}

}  // namespace

std::complex<double> SmallAngleLayer::log_transform(std::complex<double> s) const {
  std::complex<double> sum = 0;
  for (const auto& [N, weight] : nodes_) {
    sum += weight * std::exp(s / 2.0 * std::log1p(-1 / N) + log_gamma_ratio((N - 1) / 2, s / 2.0) +
                             log_gamma_ratio(N / 2, -s / 2.0));
  }
  return std::log(sum);
}

double SmallAngleLayer::mean() const {
  double sum = 0;
  for (const auto& [N, weight] : nodes_) sum += weight * mean_given(N);
  return sum;
}

double SmallAngleLayer::variance() const {
  const double center = mean();
  double sum = 0;
  for (const auto& [N, weight] : nodes_) {
    const double distance = mean_given(N) - center;
    const double given_N =
        (boost::math::trigamma((N - 1) / 2, BoostPolicy()) + boost::math::trigamma(N / 2, BoostPolicy())) / 4;
    sum += weight * (given_N + distance * distance);
  }
  return sum;
}

}  // namespace initlaw
