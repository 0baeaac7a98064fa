#include "law/active_neurons.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

#include "law/boost_policy.hpp"

namespace initlaw {

// The binomial weights are summed out to 9.5 standard deviations, and in wide layers at every sixth part of one: like
// the trapezoidal rule on a bell curve, a sum of smooth terms at such a stride is exact to rounding.
std::vector<ActiveNeurons> active_neurons(std::size_t width, double least) {
  const double n = static_cast<double>(width);
  const double deviation = std::sqrt(n) / 2;
  const double stride = std::max(1.0, std::floor(deviation / 6));
  const double first = std::max(least, std::ceil(n / 2 - 9.5 * deviation));
  const double last = std::min(n, n / 2 + 9.5 * deviation);
  const boost::math::binomial_distribution<double, BoostPolicy> binomial(n, 0.5);
  std::vector<ActiveNeurons> result;
  double total = 0;
  for (double N = first; N <= last; N += stride) {
    result.push_back({N, boost::math::pdf(binomial, N)});
    total += result.back().weight;
  }
  for (ActiveNeurons& each : result) each.weight /= total;
  return result;
}

}  // namespace initlaw
