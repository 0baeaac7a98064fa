#include "law/gradient_functional.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace initlaw {
namespace {

using Complex = std::complex<double>;

/// The trapezoidal rule for a Gaussian step, in its standard deviations. Neither leaves out more than 1e-8 of it.
constexpr double kSpacing = 0.85;
constexpr double kStepReach = 7.5;
/// ln theta above which no square of a normal is.
constexpr double kHighestStart = 4.4;
/// -D that D at rest is not above but with a probability of 1e-10, the shape of its distribution being above 0.28.
constexpr double kLowestAtRest = 80;

/// The layers' sums in `count` parts, in each of which Y - E has the same variance.
std::vector<GradientStep> divide(std::span<const GradientStep> layers, std::size_t count) {
  double total = 0;
  for (const GradientStep& layer : layers) total += layer.variance_of_difference();
  std::vector<GradientStep> parts(count);
  double done = 0;
  for (const GradientStep& layer : layers) {
    const double variance = layer.variance_of_difference();
    // A layer may go to several parts, in proportion to its variance there.
    double left = variance;
    do {
      const auto part = std::min(count - 1, static_cast<std::size_t>(done / total * static_cast<double>(count)));
      const double room = part + 1 < count ? total * static_cast<double>(part + 1) / static_cast<double>(count) - done
                                           : std::numeric_limits<double>::infinity();
      const double taken = std::min(left, std::max(room, total * 1e-14));
      parts[part].add(layer, variance > 0 ? taken / variance : 1);
      done += taken;
      left -= taken;
    } while (left > 0);
  }
  return parts;
}

/// A function of D for every q, on a grid of D: value(i, j) is of node i and q[j].
class Functions {
 public:
  Functions(std::size_t nodes, std::size_t count, Complex value) : count_(count), values_(nodes * count, value) {}
  Complex* at(std::size_t node) { return &values_[node * count_]; }
  const Complex* at(std::size_t node) const { return &values_[node * count_]; }

 private:
  std::size_t count_;
  std::vector<Complex> values_;
};

/// The equal nodes D_i = low + i step. A function is constant on the first `margin` of them, which no step reaches
/// beyond.
struct Grid {
  double low;
  double step;
  std::size_t margin;
  std::size_t nodes;
  double node(std::size_t i) const { return low + static_cast<double>(i) * step; }
};

/// Exponentials e^{q x} for every q: where the q are equally apart, by recurrence.
class Exponentials {
 public:
  explicit Exponentials(std::span<const Complex> q) : q_(q) {
    if (q.size() < 2) return;
    step_ = (q.back() - q.front()) / static_cast<double>(q.size() - 1);
    for (std::size_t j = 0; j < q.size(); ++j) {
      const Complex equal = q.front() + static_cast<double>(j) * step_;
      equally_apart_ = equally_apart_ && std::abs(q[j] - equal) <= 1e-13 * std::abs(q[j]);
    }
  }
  void multiply(Complex* values, double x) const {
    if (!equally_apart_) {
      for (std::size_t j = 0; j < q_.size(); ++j) values[j] *= std::exp(q_[j] * x);
      return;
    }
    const Complex ratio = std::exp(step_ * x);
    Complex factor = std::exp(q_.front() * x);
    for (std::size_t j = 0; j < q_.size(); ++j) {
      values[j] *= factor;
      factor *= ratio;
    }
  }

 private:
  std::span<const Complex> q_;
  Complex step_;
  bool equally_apart_ = true;
};

/// The overlap's step takes D to D - growth, and multiplies f by e^{q growth}.
double overlap_growth(double C, double D) { return std::log1p(C * std::exp(D)); }

/// The Gaussian step from D to D + Delta D, Delta D = Delta Y - Delta E, and what it does to f: E[e^{q Delta E}
/// f(D + Delta D)]. Given Delta D, Delta E is normal with mean E_mean + beta (Delta D - its mean), so that the
/// exponential of Delta E splits into factors of the two ends.
class GaussianStep {
 public:
  GaussianStep(const GradientStep& step, std::span<const Complex> q, const Grid& grid)
      : q_(q),
        exponentials_(q),
        grid_(grid),
        mean_(step.Y_mean - step.E_mean),
        deviation_(std::sqrt(step.variance_of_difference())),
        beta_((step.covariance - step.E_variance) / step.variance_of_difference()),
        spacing_(grid.step / deviation_),
        change_of_ratio_(std::exp(-spacing_ * spacing_)) {
    const double rest = step.E_variance - beta_ * beta_ * step.variance_of_difference();
    for (const Complex& each : q) {
      constant_.push_back(each * (step.E_mean - beta_ * mean_) + each * each * (rest / 2));
    }
  }

  /// The factors of the end: f times e^{q beta (D - low)}.
  void prepare(Functions& f) const { multiply(f, std::vector<Complex>(q_.size(), 1), beta_); }
  /// The factors of the start, which step() leaves out; for all nodes, or at one D.
  void finish(Functions& f) const {
    std::vector<Complex> factor;
    for (std::size_t j = 0; j < q_.size(); ++j) factor.push_back(factor_of_start(j, grid_.low));
    multiply(f, std::move(factor), -beta_);
  }
  Complex factor_of_start(std::size_t j, double D) const {
    return std::exp(constant_[j] - q_[j] * (beta_ * (D - grid_.low)));
  }

  /// The overlap's step at D and the Gaussian one from there, of a prepared function, for every q.
  void step(double D, double C, const Functions& prepared, Complex* result) const {
    const double growth = overlap_growth(C, D);
    const double centre = D - growth + mean_;
    const auto node_above = [&](double d) {
      return static_cast<std::size_t>(
          std::clamp(std::ceil((d - grid_.low) / grid_.step), 0.0, static_cast<double>(grid_.nodes)));
    };
    std::fill_n(result, q_.size(), Complex(0));
    const std::size_t first = node_above(centre - kStepReach * deviation_);
    const std::size_t last = node_above(centre + kStepReach * deviation_);
    // The density e^{-u^2/2} at equal steps of u, by recurrence.
    const double u = (grid_.node(first) - centre) / deviation_;
    double weight = spacing_ / std::sqrt(2 * std::numbers::pi) * std::exp(-u * u / 2);
    double ratio = std::exp(-spacing_ * (u + spacing_ / 2));
    for (std::size_t i = first; i < last; ++i) {
      const Complex* f = prepared.at(i);
      for (std::size_t j = 0; j < q_.size(); ++j) result[j] += weight * f[j];
      weight *= ratio;
      ratio *= change_of_ratio_;
    }
    constexpr double kNegligible = 1e-13;
    if (growth < kNegligible) return;
    exponentials_.multiply(result, growth * (1 + beta_));
  }

 private:
  /// f times factor e^{q rate (D - low)}, by recurrence.
  void multiply(Functions& f, std::vector<Complex> factor, double rate) const {
    std::vector<Complex> ratio;
    for (const Complex& each : q_) ratio.push_back(std::exp(each * (rate * grid_.step)));
    for (std::size_t i = 0; i < grid_.nodes; ++i) {
      for (std::size_t j = 0; j < q_.size(); ++j) {
        f.at(i)[j] *= factor[j];
        factor[j] *= ratio[j];
      }
    }
  }

  std::span<const Complex> q_;
  Exponentials exponentials_;
  const Grid& grid_;
  double mean_;
  double deviation_;
  double beta_;
  double spacing_;  ///< of the grid's nodes, in deviations
  double change_of_ratio_;
  std::vector<Complex> constant_;
};

/// The values of D that matter. Below, the overlap is not felt but by what leaves out less than 1e-9; above is nothing.
Grid grid_for(std::span<const GradientStep> parts) {
  double variance = 0;
  double deviation = 0;
  double largest_move = 0;
  double path = kHighestStart;
  double smallest_C = std::numeric_limits<double>::infinity();
  for (const GradientStep& part : parts) {
    const double mean = part.Y_mean - part.E_mean;
    variance += part.variance_of_difference();
    deviation = std::max(deviation, std::sqrt(part.variance_of_difference()));
    largest_move = std::max(largest_move, std::abs(mean));
    path += std::max(0.0, mean);
    smallest_C = std::min(smallest_C, part.overlap);
  }
  const double reach = kStepReach * deviation + largest_move;
  const double low = -std::min(20 + 3 * std::sqrt(variance), kLowestAtRest) - reach;
  // After an overlap's step D is below -ln C.
  const double high = std::min(path + kStepReach * deviation * std::sqrt(static_cast<double>(parts.size())),
                               std::max(kHighestStart, 1 - std::log(smallest_C / 2)) + reach);
  const double step = kSpacing * deviation;
  return {.low = low,
          .step = step,
          .margin = static_cast<std::size_t>(std::ceil(reach / step)) + 1,
          .nodes = static_cast<std::size_t>(std::ceil((high - low) / step)) + 1};
}

std::vector<Complex> transform_in(std::span<const GradientStep> layers, std::span<const Complex> q, std::size_t count) {
  const std::vector<GradientStep> parts = divide(layers, count);
  const Grid grid = grid_for(parts);
  Functions f(grid.nodes, q.size(), 1);
  const Exponentials exponentials(q);
  for (std::size_t i = 0; i < grid.nodes; ++i) {
    const double growth = overlap_growth(parts.back().overlap / 2, grid.node(std::max(i, grid.margin)));
    exponentials.multiply(f.at(i), growth);
  }
  for (std::size_t k = count - 1; k > 0; --k) {
    const GaussianStep gaussian(parts[k], q, grid);
    const double C = (parts[k].overlap + parts[k - 1].overlap) / 2;
    gaussian.prepare(f);
    Functions next(grid.nodes, q.size(), 0);
    for (std::size_t i = grid.margin; i < grid.nodes; ++i) gaussian.step(grid.node(i), C, f, next.at(i));
    gaussian.finish(next);
    for (std::size_t i = 0; i < grid.margin; ++i) std::copy_n(next.at(grid.margin), q.size(), next.at(i));
    f = std::move(next);
  }
  // theta = e^D has the density e^{D/2 - e^D/2}/sqrt(2 pi) in D.
  const GaussianStep gaussian(parts[0], q, grid);
  gaussian.prepare(f);
  constexpr double kStepOfStart = 0.4;
  std::vector<Complex> result(q.size()), value(q.size());
  double left = 1;
  for (double D = kHighestStart; D > grid.node(grid.margin); D -= kStepOfStart) {
    const double weight = kStepOfStart * std::exp(D / 2 - std::exp(D) / 2) / std::sqrt(2 * std::numbers::pi);
    gaussian.step(D, parts[0].overlap / 2, f, value.data());
    for (std::size_t j = 0; j < q.size(); ++j) {
      value[j] *= gaussian.factor_of_start(j, D);
      result[j] += weight * value[j];
    }
    left -= weight;
  }
  for (std::size_t j = 0; j < q.size(); ++j) result[j] += left * value[j];
  return result;
}

/// Where Y - E varies little. Tilted by e^{qE}, Y - E is Brownian motion with a complex drift, and ln(1 + theta J), J
/// the integral, is nearly normal: of J its mean and variance are enough.
std::vector<Complex> transform_of_little_variance(std::span<const GradientStep> layers, std::span<const Complex> q) {
  std::vector<Complex> result;
  for (const Complex& each : q) {
    Complex exponent_of_E = 0;
    Complex mean = 0;           // E J
    Complex variance = 0;       // of J
    Complex growth = 1;         // E e^{Y - E} so far
    Complex with_variance = 0;  // integral C E e^{Y - E} (e^v - 1), v the variance of Y - E so far
    double v = 0;
    for (const GradientStep& layer : layers) {
      const double added = layer.variance_of_difference();
      const Complex rate = layer.Y_mean - layer.E_mean + added / 2 + each * (layer.covariance - layer.E_variance);
      const Complex half = std::exp(rate / 2.0);
      const Complex middle = layer.overlap * growth * half;
      mean += middle * (1.0 + rate * rate / 24.0);
      variance += 2.0 * middle * (with_variance + middle * (v / 2 + added / 6 * (1.0 + rate / 4.0)));
      with_variance += middle * (std::expm1(v + added / 2) + added * rate / 12.0);
      v += added;
      growth *= half * half;
      exponent_of_E += each * (layer.E_mean + each * (layer.E_variance / 2));
    }
    constexpr double kStep = 0.5;
    Complex sum = 0;
    for (double z = -9; z <= 9; z += kStep) {
      const double theta = z * z;
      const Complex R = 1.0 + theta * mean;
      const Complex spread = theta * theta * variance / (R * R);
      sum += std::exp(-theta / 2 + each * std::log(R) + each * (each - 1.0) * spread / 2.0);
    }
    result.push_back(sum * std::exp(exponent_of_E) * (kStep / std::sqrt(2 * std::numbers::pi)));
  }
  return result;
}

std::vector<Complex> transform_of_much_variance(std::span<const GradientStep> layers, std::span<const Complex> q) {
  double variance = 0;
  for (const GradientStep& layer : layers) variance += layer.variance_of_difference();
  const auto steps = static_cast<std::size_t>(std::ceil(8 + 25 * std::sqrt(variance)));
  const std::vector<Complex> one = transform_in(layers, q, steps);
  const std::vector<Complex> two = transform_in(layers, q, 2 * steps);
  const std::vector<Complex> four = transform_in(layers, q, 4 * steps);
  std::vector<Complex> result(q.size());
  for (std::size_t j = 0; j < q.size(); ++j) {
    const Complex first = two[j] + (two[j] - one[j]) / 3.0;
    const Complex second = four[j] + (four[j] - two[j]) / 3.0;
    result[j] = second + (second - first) / 15.0;
  }
  return result;
}

/// The layers, fewer of them: one of which Y - E does not vary, or the overlap is not positive, is one with those
/// after it. (A pair's covariance belongs to either of its layers; after a change of alpha's sign it is negative.)
std::vector<GradientStep> with_positive_rates(std::span<const GradientStep> layers) {
  std::vector<GradientStep> result;
  GradientStep next;
  const auto is_positive = [&] { return next.variance_of_difference() > 0 && next.overlap > 0; };
  for (const GradientStep& layer : layers) {
    next.add(layer, 1);
    if (!is_positive()) continue;
    result.push_back(next);
    next = {};
  }
  while (!is_positive() && !result.empty()) {
    next.add(result.back(), 1);
    result.pop_back();
  }
  result.push_back(next);
  return result;
}

/// A path cut in two. After `near` it is forgotten where D was before, so that X = Y + ln theta - D, and of what comes
/// first Y is enough.
struct Path {
  GradientStep far;
  std::vector<GradientStep> near;
};

Path cut(std::span<const GradientStep> layers) {
  constexpr double kForgotten = 14;
  constexpr double kPiece = 10;
  Path path;
  GradientStep near;
  for (auto reversed = layers.rbegin(); reversed != layers.rend(); ++reversed) {
    const GradientStep& layer = *reversed;
    const double share = std::min(1.0, kPiece / layer.variance_of_difference());
    for (double left = 1; left > 0;) {
      const double drift = near.Y_mean - near.E_mean;
      // D comes back from infinity but for this logarithm of a probability.
      if (drift > 0 && drift * drift > 2 * kForgotten * near.variance_of_difference()) {
        path.far.add(layer, left);
        break;
      }
      const double taken = std::min(left, share);
      near.add(layer, taken);
      path.near.emplace_back().add(layer, taken);
      left -= taken;
    }
  }
  std::ranges::reverse(path.near);
  return path;
}

}  // namespace

std::vector<Complex> gradient_transform(std::span<const GradientStep> layers, std::span<const Complex> q) {
  constexpr double kLittleVariance = 0.01;
  GradientStep total;
  for (const GradientStep& layer : layers) total.add(layer, 1);
  if (total.variance_of_difference() < kLittleVariance) return transform_of_little_variance(layers, q);
  const Path path = cut(with_positive_rates(layers));
  std::vector<Complex> result = transform_of_much_variance(path.near, q);
  for (std::size_t j = 0; j < q.size(); ++j) {
    result[j] *= std::exp(q[j] * path.far.Y_mean + q[j] * q[j] * (path.far.Y_variance / 2));
  }
  return result;
}

}  // namespace initlaw
