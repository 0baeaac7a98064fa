#include "initlaw/law.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <boost/random/chi_squared_distribution.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "law/boost_policy.hpp"
#include "law/pearson_law.hpp"
#include "law/require_number.hpp"

namespace initlaw {
namespace {

double log_square_of(double z) { return 2 * std::log(std::abs(z)); }

void require_probability(const char* name, double p) {
  if (!(p >= 0 && p <= 1)) throw std::invalid_argument(fmt::format("{}: {} is out of range [0, 1]", name, p));
}

/// Where the law has its first or last x, for a probability of 0 or 1.
double end_of_support(double p) { return std::copysign(std::numeric_limits<double>::infinity(), p - 0.5); }

/// The argument asks for an x beyond which only `tail` of the law lies.
void require_resolved(const char* name, double argument, double tail, double smallest) {
  if (tail < smallest) {
    throw std::invalid_argument(fmt::format(
        "{}: {} asks for a tail of {:.3g}; the smallest that this law resolves is {}", name, argument, tail, smallest));
  }
}

/// The root of an increasing function of a law's x. The logarithm of a tail, which the callers pass, is close to a
/// parabola or a line.
template <typename Function>
double solve_increasing(const Function& f, const Law& law) {
  const auto clamped = [&](double x) { return std::clamp(f(x), -1e6, 1e6); };
  const double deviation = std::sqrt(law.variance());
  double low = law.mean() - deviation;
  double high = law.mean() + deviation;
  for (double step = deviation; clamped(low) > 0; step *= 2) low -= step;
  for (double step = deviation; clamped(high) < 0; step *= 2) high += step;
  std::uintmax_t iterations = 100;
  const auto [left, right] = boost::math::tools::toms748_solve(
      clamped, low, high, boost::math::tools::eps_tolerance<double>(), iterations, BoostPolicy());
  return left + (right - left) / 2;
}

/// The x with cdf(x) = p and survival(x) = q, p + q = 1, from the smaller of them.
double inverse(const Law& law, double p, double q) {
  return p < q ? solve_increasing([&](double x) { return std::log(law.cdf(x)) - std::log(p); }, law)
               : solve_increasing([&](double x) { return std::log(q) - std::log(law.survival(x)); }, law);
}

}  // namespace

Law Law::log_gaussian(double mean, double variance, std::size_t outputs) {
  if (!std::isfinite(mean)) throw std::invalid_argument(fmt::format("mean: {} is not a finite number", mean));
  if (!(std::isfinite(variance) && variance >= 0)) {
    throw std::invalid_argument(fmt::format("variance: {} is not a finite number >= 0", variance));
  }
  if (outputs == 0) throw std::invalid_argument("outputs: 0 is out of range; at least 1");
  const LogNormCumulants cumulants{.mean = mean, .variance = variance, .third = 0, .fourth = 0};
  return Law(std::make_shared<PearsonLaw>(cumulants, outputs));
}

double Law::pdf(double x) const { return std::isinf(require_number(x)) ? 0 : law_->pdf(x); }
double Law::cdf(double x) const { return std::isinf(require_number(x)) ? (x > 0 ? 1 : 0) : law_->cdf(x); }
double Law::survival(double x) const { return std::isinf(require_number(x)) ? (x > 0 ? 0 : 1) : law_->survival(x); }
double Law::mean() const { return law_->mean(); }
double Law::variance() const { return law_->variance(); }
std::size_t Law::outputs() const { return law_->outputs(); }
double Law::dead_probability() const { return law_->dead_probability(); }

double Law::quantile(double p) const {
  require_probability("p", p);
  if (p == 0 || p == 1) return end_of_support(p);
  require_resolved("p", p, std::min(p, 1 - p), law_->smallest_tail());
  return inverse(*this, p, 1 - p);
}

double Law::inverse_survival(double q) const {
  require_probability("q", q);
  if (q == 0 || q == 1) return end_of_support(1 - q);
  require_resolved("q", q, std::min(q, 1 - q), law_->smallest_tail());
  return inverse(*this, 1 - q, q);
}

double Law::log_second_moment() const { return law_->log_scale_moment(1); }
double Law::second_moment() const { return std::exp(log_second_moment()); }

double Law::log_kurtosis_ratio() const { return law_->log_scale_moment(2) - 2 * law_->log_scale_moment(1); }

OutputLaw Law::output() const {
  const double mean_inverse_deviation = std::exp(law_->log_scale_moment(-0.5));
  return OutputLaw(Law(law_->with_outputs(1)), mean_inverse_deviation * std::numbers::inv_sqrtpi / std::numbers::sqrt2);
}

std::vector<double> Law::sample(std::size_t count, std::uint64_t seed) const {
  std::mt19937_64 generator(seed);
  boost::random::chi_squared_distribution<double> chi_square(static_cast<double>(outputs()));
  std::vector<double> draws(count);
  for (double& draw : draws) draw = law_->sample_scale(generator) + std::log(chi_square(generator));
  return draws;
}

Law make_law(std::shared_ptr<const LogNormLaw> law) { return Law(std::move(law)); }

// With x = ln z^2 and the symmetry of z: f_Z(z) = f_X(x) |dx/dz| / 2 = f_X(x)/|z|.
double OutputLaw::pdf(double z) const {
  if (std::isinf(z)) return 0;
  return z == 0 ? density_at_zero_ : log_square_.pdf(log_square_of(z)) / std::abs(z);
}

double OutputLaw::cdf(double z) const {
  if (z == 0) return 0.5;
  const double tail = log_square_.survival(log_square_of(z)) / 2;
  return z < 0 ? tail : 1 - tail;
}

double OutputLaw::quantile(double p) const {
  require_probability("p", p);
  if (p == 0 || p == 1) return end_of_support(p);
  if (p == 0.5) return 0;
  const double outside = 2 * std::min(p, 1 - p);
  require_resolved("p", p, std::min(outside, 1 - outside), log_square_.law_->smallest_tail());
  return std::copysign(std::exp(log_square_.inverse_survival(outside) / 2), p - 0.5);
}

std::vector<double> OutputLaw::sample(std::size_t count, std::uint64_t seed) const {
  std::vector<double> draws = log_square_.sample(count, seed);
  std::mt19937_64 signs(~seed);
  for (double& draw : draws) draw = std::exp(draw / 2) * (signs() % 2 == 0 ? 1 : -1);
  return draws;
}

}  // namespace initlaw
