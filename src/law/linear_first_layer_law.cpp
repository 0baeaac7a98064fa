#include "law/linear_first_layer_law.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/chi_squared_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <numbers>

#include "law/active_neurons.hpp"
#include "law/boost_policy.hpp"
#include "law/gamma_ratio.hpp"

namespace initlaw {
namespace {

using Complex = std::complex<double>;

/// What is less than this of the largest is left out: tilts by e^{theta x} find it where they look.
constexpr double kNegligibleDensity = 1e-45;

/// A density at first, first + step, ..., times the step.
struct LogDensity {
  double first;
  double step;
  std::vector<double> weights;
};

/// scale chi^2_degrees, with this probability.
struct ScaledChiSquare {
  double degrees;
  double scale;
  double weight;
};

double square_of_positive_slope(double leak) { return 2 / (1 + leak * leak); }

/// Var T for one activation, of which E T = 1.
double relative_variance(std::size_t inner_width, double leak) {
  const double plus = square_of_positive_slope(leak);
  return (1.5 * plus * plus * (1 + std::pow(leak, 4)) - 1) / static_cast<double>(inner_width);
}

/// K ~ Binomial(m, 1/2); in wide layers at every so many K.
std::vector<ActiveNeurons> positive_neurons(double m, double least, double most) {
  const boost::math::binomial_distribution<double, BoostPolicy> binomial(m, 0.5);
  const double deviation = std::sqrt(m) / 2;
  const double stride = std::max(1.0, std::floor(deviation / 6));
  std::vector<ActiveNeurons> neurons;
  for (double K = std::max(least, std::ceil(m / 2 - 15 * deviation)); K <= std::min(most, m / 2 + 15 * deviation);
       K += stride) {
    neurons.push_back({K, stride * boost::math::pdf(binomial, K)});
  }
  return neurons;
}

/// T for one activation, T > 0, as a mixture: (s+^2 chi^2_K + s-^2 chi^2_{m-K})/m, K ~ Binomial(m, 1/2).
std::vector<ScaledChiSquare> mixture_of_mean(std::size_t inner_width, double leak) {
  const double m = static_cast<double>(inner_width);
  const double plus = square_of_positive_slope(leak);
  const double minus = leak * leak * plus;
  if (plus == minus) return {{m, 1 / m, 1}};
  std::vector<ScaledChiSquare> mixture;
  if (minus == 0) {
    for (const auto& [K, weight] : positive_neurons(m, 1, m)) mixture.push_back({K, plus / m, weight});
    return mixture;
  }
  // For K = 0 and m the two are one. Else they are chi^2_m (s+^2 b + s-^2 (1 - b))/m with an independent b ~ Beta(K/2,
  // (m - K)/2), and the trapezoidal rule takes the mean over v = ln(b/(1 - b))/2.
  mixture = {{m, plus / m, std::exp2(-m)}, {m, minus / m, std::exp2(-m)}};
  const std::vector<ActiveNeurons> neurons = positive_neurons(m, 1, m - 1);
  const double step = std::min(0.125, 1 / (4 * std::sqrt(m)));
  const auto add = [&](double v) {
    const double b = 1 / (1 + std::exp(-2 * v)), rest = 1 / (1 + std::exp(2 * v));
    double weight = 0;
    for (const auto& [K, probability] : neurons) {
      // Of the smaller of the two a double holds more.
      const double density = b < rest ? boost::math::ibeta_derivative(K / 2, (m - K) / 2, b, BoostPolicy())
                                      : boost::math::ibeta_derivative((m - K) / 2, K / 2, rest, BoostPolicy());
      weight += step * probability * 2 * b * rest * density;
    }
    if (weight < kNegligibleDensity) return false;
    mixture.push_back({m, (plus * b + minus * rest) / m, weight});
    return true;
  };
  for (double i = 0; add(i * step); ++i) continue;
  for (double i = -1; add(i * step); --i) continue;
  return mixture;
}

/// The density of ln T for one activation, T > 0.
LogDensity density_of_log_mean(std::size_t inner_width, double leak) {
  const std::vector<ScaledChiSquare> mixture = mixture_of_mean(inner_width, leak);
  const auto density = [&](double y) {
    double sum = 0;
    for (const auto& [degrees, scale, weight] : mixture) {
      const double u = std::exp(y) / scale / 2;
      sum += weight * u * boost::math::pdf(boost::math::gamma_distribution<double, BoostPolicy>(degrees / 2), u);
    }
    return sum;
  };
  // Between its parts the density may vanish.
  double lowest = 0, highest = 0;
  for (const auto& [degrees, scale, weight] : mixture) {
    if (weight < kNegligibleDensity) continue;
    lowest = std::min(lowest, std::log(degrees * scale));
    highest = std::max(highest, std::log(degrees * scale));
  }
  // Fine for the transform's frequencies, too.
  const double step = std::min(std::sqrt(relative_variance(inner_width, leak)) / 4, 0.1);
  std::vector<double> below, above;
  const double largest = density(0);
  for (double y = -step;; y -= step) {
    const double value = density(y);
    if (y < lowest && value < kNegligibleDensity * largest) break;
    below.push_back(value * step);
  }
  for (double y = 0;; y += step) {
    const double value = density(y);
    if (y > highest && value < kNegligibleDensity * largest) break;
    above.push_back(value * step);
  }
  LogDensity table{-step * static_cast<double>(below.size()), step, {below.rbegin(), below.rend()}};
  table.weights.insert(table.weights.end(), above.begin(), above.end());
  return table;
}

/// Of the sum of independent variables.
LogDensity of_sum(const LogDensity& a, const LogDensity& b) {
  LogDensity sum{a.first + b.first, a.step, std::vector<double>(a.weights.size() + b.weights.size() - 1)};
  for (std::size_t i = 0; i < a.weights.size(); ++i) {
    for (std::size_t j = 0; j < b.weights.size(); ++j) sum.weights[i + j] += a.weights[i] * b.weights[j];
  }
  return sum;
}

/// Whether the asymptotic series in 1/x is accurate.
bool is_large(double x, Complex s, double n) { return x > 40 * (std::abs(s) + 1) * (std::abs(s) + n / 2 + 1); }

}  // namespace

LinearFirstLayerLaw::LinearFirstLayerLaw(const LayerScale& layer, std::size_t width, std::size_t inner_width,
                                         std::size_t activations, double leak)
    : layer_(layer),
      n_(static_cast<double>(width)),
      inner_width_(inner_width),
      activations_(activations),
      leak_(leak),
      passed_nothing_(leak == 0 ? -std::expm1(static_cast<double>(activations) *
                                              std::log1p(-std::exp2(-static_cast<double>(inner_width))))
                                : 0) {
  const LogDensity one = density_of_log_mean(inner_width, leak);
  LogDensity table = one;
  for (std::size_t k = 1; k < activations; ++k) table = of_sum(table, one);
  const double largest = *std::max_element(table.weights.begin(), table.weights.end());
  const double a2 = layer.a * layer.a;
  for (std::size_t i = 0; i < table.weights.size(); ++i) {
    if (table.weights[i] < kNegligibleDensity * largest) continue;
    const double log_T = table.first + table.step * static_cast<double>(i);
    const double log_unit = std::log(2 * layer.t() / n_) + log_T;
    const double x = a2 * std::exp(-log_unit);
    Node node{.weight = table.weights[i], .log_unit = log_unit, .x = x, .first = 0, .stride = 1, .weights = {}};
    // Above, every s of interest has the series.
    if (!is_large(x, 2000, n_)) {
      const double deviation = std::sqrt(x);
      node.stride = std::max(1.0, std::floor(deviation / 6));
      node.first = std::max(0.0, std::ceil(x - 16 * deviation));
      const boost::math::poisson_distribution<double, BoostPolicy> poisson(x);
      for (double j = node.first; j < x + 16 * deviation + 60; j += node.stride) {
        node.weights.push_back(node.stride * boost::math::pdf(poisson, j));
      }
    }
    nodes_.push_back(std::move(node));
  }
  // The cumulants are derivatives at 0, by Cauchy's integral over a circle inside the region of the transform.
  constexpr int kPoints = 16;
  const double radius = std::min(0.25, n_ / 8);
  for (int k = 0; k < kPoints; ++k) {
    const Complex direction = std::polar(1.0, 2 * std::numbers::pi * k / kPoints);
    const Complex value = log_transform(radius * direction) / static_cast<double>(kPoints);
    mean_ += (value / direction).real() / radius;
    variance_ += 2 * (value / (direction * direction)).real() / (radius * radius);
  }
}

Complex LinearFirstLayerLaw::transform(const Node& node, Complex s) const {
  if (node.weights.empty() || is_large(node.x, s, n_)) {
    // a^{2s} sum_k (-s)_k (1 - n/2 - s)_k/(k! x^k)
    Complex term = std::exp(2 * layer_.log_abs_a * s);
    Complex sum = term;
    for (double k = 0; k < 60 && std::abs(term) > 1e-17 * std::abs(sum); ++k) {
      term *= (k - s) * (1 + k - n_ / 2 - s) / ((k + 1) * node.x);
      sum += term;
    }
    return sum;
  }
  const auto ratio = [&](double j) {
    const double shape = n_ / 2 + j;
    return std::exp(s * (std::log(shape) + node.log_unit) + log_gamma_ratio(shape, s));
  };
  Complex sum = 0;
  // The recurrence costs less than the gamma functions as far as it has few steps.
  constexpr double kFewSteps = 16;
  if (node.stride <= kFewSteps) {
    Complex value = ratio(node.first);
    double shape = n_ / 2 + node.first;
    for (const double weight : node.weights) {
      sum += weight * value;
      for (double step = 0; step < node.stride; ++step) value *= 1.0 + s / shape++;
    }
  } else {
    for (std::size_t i = 0; i < node.weights.size(); ++i) {
      sum += node.weights[i] * ratio(node.first + node.stride * static_cast<double>(i));
    }
  }
  return sum;
}

Complex LinearFirstLayerLaw::transform(Complex s) const {
  Complex sum = passed_nothing_ == 0 ? 0 : passed_nothing_ * std::exp(2 * layer_.log_abs_a * s);
  for (const Node& node : nodes_) sum += node.weight * transform(node, s);
  return sum;
}

Complex LinearFirstLayerLaw::log_transform(Complex s) const { return std::log(transform(s)); }

double LinearFirstLayerLaw::sample(std::mt19937_64& generator) const {
  const auto chi_square = [&](double k) {
    return k == 0 ? 0 : boost::random::chi_squared_distribution<double>(k)(generator);
  };
  const auto m = static_cast<std::int64_t>(inner_width_);
  double T = 1;
  for (std::size_t i = 0; i < activations_; ++i) {
    const std::int64_t K = boost::random::binomial_distribution<std::int64_t>(m, 0.5)(generator);
    const double sum = chi_square(static_cast<double>(K)) + leak_ * leak_ * chi_square(static_cast<double>(m - K));
    T *= square_of_positive_slope(leak_) * sum / static_cast<double>(m);
  }
  const double scale = std::sqrt(layer_.t() * T / n_);
  const double ahead = layer_.a + scale * boost::random::normal_distribution<double>()(generator);
  return std::log(ahead * ahead + scale * scale * chi_square(n_ - 1));
}

}  // namespace initlaw
