#include "law/independent_layers_law.hpp"

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/chi_squared_distribution.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "law/boost_policy.hpp"
#include "law/gamma_ratio.hpp"

namespace initlaw {
namespace {

using Complex = std::complex<double>;

/// ln of what is left out of the integrals, relative to the whole: 1e-18.
constexpr double kLogNegligible = -41;

double sample_log_chi_square(std::mt19937_64& generator, double k) {
  return std::log(boost::random::chi_squared_distribution<double>(k)(generator));
}

}  // namespace

Complex log_mean_chi_square_transform(double k, Complex s) { return log_gamma_ratio(k / 2, s); }

ReluLayerLaw::ReluLayerLaw(std::size_t width) : width_(width), nodes_(active_neurons(width, 1)) {}

Complex ReluLayerLaw::log_transform(Complex s) const {
  // E (2 chi^2_N/n)^s = (2N/n)^s E (chi^2_N/N)^s.
  const double n = static_cast<double>(width_);
  Complex sum = 0;
  for (const auto& [N, weight] : nodes_) {
    sum += weight * std::exp(s * std::log(2 * N / n) + log_mean_chi_square_transform(N, s));
  }
  return std::log(sum);
}

double ReluLayerLaw::mean() const {
  double sum = 0;
  for (const auto& [N, weight] : nodes_) sum += weight * boost::math::digamma(N / 2, BoostPolicy());
  return sum + std::log(4 / static_cast<double>(width_));
}

double ReluLayerLaw::variance() const {
  const double center = mean() - std::log(4 / static_cast<double>(width_));
  double sum = 0;
  for (const auto& [N, weight] : nodes_) {
    const double distance = boost::math::digamma(N / 2, BoostPolicy()) - center;
    sum += weight * (boost::math::trigamma(N / 2, BoostPolicy()) + distance * distance);
  }
  return sum;
}

double ReluLayerLaw::log_alive() const { return std::log1p(-std::exp2(-static_cast<double>(width_))); }

double ReluLayerLaw::sample(std::mt19937_64& generator) const {
  boost::random::binomial_distribution<std::int64_t> active(static_cast<std::int64_t>(width_), 0.5);
  std::int64_t N = 0;
  while (N == 0) N = active(generator);
  return std::log(2 / static_cast<double>(width_)) + sample_log_chi_square(generator, static_cast<double>(N));
}

IndependentLayersLaw::IndependentLayersLaw(double log_scale, std::vector<Layers> layers, std::size_t normals,
                                           std::size_t outputs)
    : log_scale_(log_scale), layers_(std::move(layers)), normals_(normals), outputs_(outputs), chi_square_(outputs) {
  double smallest_degrees = static_cast<double>(normals_ == 0 ? outputs_ : std::min(outputs_, normals_));
  for (const auto& [law, count] : layers_) smallest_degrees = std::min(smallest_degrees, law->smallest_degrees());
  // The transform has its first pole at -smallest_degrees/2; the lines stay clear of it.
  const double smallest_theta = -smallest_degrees / 2;
  const double deviation = std::sqrt(variance());
  for (const double distance : {1.0, 2.5, 5.0}) {
    lines_.push_back(prepare_line(distance / deviation, smallest_theta));
    lines_.push_back(prepare_line(std::max(-distance / deviation, 0.15 * distance * smallest_theta), smallest_theta));
  }
}

double IndependentLayersLaw::log_alive() const {
  double sum = 0;
  for (const auto& [law, count] : layers_) sum += count * law->log_alive();
  return sum;
}

Complex IndependentLayersLaw::log_scale_transform(Complex s) const {
  Complex sum = normals_ == 0 ? 0 : log_mean_chi_square_transform(static_cast<double>(normals_), s);
  for (const auto& [law, count] : layers_) sum += count * law->log_transform(s);
  return sum;
}

Complex IndependentLayersLaw::log_transform(Complex s) const {
  const double k = static_cast<double>(outputs_);
  return log_scale_transform(s) + s * std::log(k) + log_mean_chi_square_transform(k, s);
}

IndependentLayersLaw::Line IndependentLayersLaw::prepare_line(double theta, double smallest_theta) const {
  Line line{.theta = theta, .log_value = log_transform(theta), .step = 0, .transform = {}};
  // Chernoff's bound tells where the law tilted by e^{theta x} ends; the rule's period must hold it, and e^{-|theta
  // x|}.
  const double deviation = std::sqrt(variance());
  double high = std::numeric_limits<double>::infinity();
  double low = -high;
  for (const double distance : {1.0, 3.0, 6.0}) {
    const double up = distance / deviation;
    high = std::min(high, (log_transform(theta + up) - line.log_value - kLogNegligible) / up);
    const double down = std::min(up, (theta - smallest_theta) * 0.15 * distance);
    low = std::max(low, (line.log_value + kLogNegligible - log_transform(theta - down)) / down);
  }
  line.step = 2 * std::numbers::pi / (high - low - kLogNegligible / std::abs(theta));
  for (std::size_t j = 0;; ++j) {
    const Complex s(theta, (static_cast<double>(j) + 0.5) * line.step);
    const Complex log_value = log_transform(s) - line.log_value;
    if (log_value.real() < kLogNegligible) break;
    line.transform.push_back(std::exp(log_value));
  }
  return line;
}

const IndependentLayersLaw::Line& IndependentLayersLaw::best_line(double y, bool positive) const {
  const Line* best = &lines_.front();
  double smallest = std::numeric_limits<double>::infinity();
  for (const Line& line : lines_) {
    const double exponent = line.log_value - line.theta * y;
    if ((line.theta > 0) == positive && exponent < smallest) {
      smallest = exponent;
      best = &line;
    }
  }
  return *best;
}

double IndependentLayersLaw::pdf(double x) const {
  const double y = x - log_scale_;
  const Line& line = best_line(y, x > mean());
  double sum = 0;
  for (std::size_t j = 0; j < line.transform.size(); ++j) {
    const double t = (static_cast<double>(j) + 0.5) * line.step;
    sum += (line.transform[j] * std::polar(1.0, -t * y)).real();
  }
  return std::max(0.0, std::exp(line.log_value - line.theta * y) * sum * line.step / std::numbers::pi);
}

double IndependentLayersLaw::tail(const Line& line, double y) const {
  double sum = 0;
  for (std::size_t j = 0; j < line.transform.size(); ++j) {
    const double t = (static_cast<double>(j) + 0.5) * line.step;
    sum += (line.transform[j] * std::polar(1.0, -t * y) / Complex(line.theta, t)).real();
  }
  const double integral = std::exp(line.log_value - line.theta * y) * sum * line.step / std::numbers::pi;
  return std::min(1.0, std::max(0.0, line.theta > 0 ? integral : -integral));  // clamp() would leave -0
}

double IndependentLayersLaw::cdf(double x) const {
  const double y = x - log_scale_;
  return x > mean() ? 1 - tail(best_line(y, true), y) : tail(best_line(y, false), y);
}

double IndependentLayersLaw::survival(double x) const {
  const double y = x - log_scale_;
  return x > mean() ? tail(best_line(y, true), y) : 1 - tail(best_line(y, false), y);
}

double IndependentLayersLaw::mean() const {
  double sum = log_scale_ + chi_square_.mean();
  if (normals_ != 0) sum += LogChiSquare(normals_).mean() - std::log(static_cast<double>(normals_));
  for (const auto& [law, count] : layers_) sum += count * law->mean();
  return sum;
}

double IndependentLayersLaw::variance() const {
  double sum = chi_square_.variance();
  if (normals_ != 0) sum += LogChiSquare(normals_).variance();
  for (const auto& [law, count] : layers_) sum += count * law->variance();
  return sum;
}

double IndependentLayersLaw::dead_probability() const { return -std::expm1(log_alive()); }

double IndependentLayersLaw::log_scale_moment(double s) const {
  for (const auto& [law, count] : layers_) {
    if (s <= -law->smallest_degrees() / 2) return std::numeric_limits<double>::infinity();
  }
  if (normals_ != 0 && s <= -static_cast<double>(normals_) / 2) return std::numeric_limits<double>::infinity();
  return s * log_scale_ + log_alive() + log_scale_transform(s).real();
}

std::unique_ptr<const LogNormLaw> IndependentLayersLaw::with_outputs(std::size_t outputs) const {
  return std::make_unique<IndependentLayersLaw>(log_scale_, layers_, normals_, outputs);
}

double IndependentLayersLaw::sample_scale(std::mt19937_64& generator) const {
  double sum = log_scale_;
  if (normals_ != 0) {
    const double n = static_cast<double>(normals_);
    sum += sample_log_chi_square(generator, n) - std::log(n);
  }
  for (const auto& [law, count] : layers_) {
    for (double layer = 0; layer < count; ++layer) sum += law->sample(generator);
  }
  return sum;
}

}  // namespace initlaw
