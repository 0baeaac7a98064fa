#include "limit/gradient_functional.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace initlaw {
namespace {

using Complex = std::complex<double>;

/// D below which the overlap is lost in rounding, and above which no square of a normal is.
constexpr double kLowestD = -41;
constexpr double kHighestStart = 4.4;

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

/// The equal nodes D_i = low + i step.
struct Grid {
  double low;
  double step;
  std::size_t nodes;
  double node(std::size_t i) const { return low + static_cast<double>(i) * step; }
};

/// The Gaussian step at point x: E[e^{q Delta E} f(x + Delta D)], Delta D = Delta Y - Delta E. Given Delta D,
/// Delta E is normal with mean E_mean + beta (Delta D - its mean), so that the exponential of Delta E splits into
/// factors of the two ends; `scaled` is f with that of its end, e^{q beta D}.
class GaussianStep {
 public:
  GaussianStep(const GradientStep& step, std::span<const Complex> q) : q_(q) {
    mean_ = step.Y_mean - step.E_mean;
    variance_ = step.variance_of_difference();
    beta_ = (step.covariance - step.E_variance) / variance_;
    const double rest = step.E_variance - beta_ * beta_ * variance_;
    for (const Complex& each : q) {
      constant_.push_back(each * (step.E_mean - beta_ * mean_) + each * each * (rest / 2));
      whole_.push_back(std::exp(each * step.E_mean + each * each * (step.E_variance / 2)));
    }
  }

  double deviation() const { return std::sqrt(variance_); }

  /// Multiplies f by e^{q beta (D - low)}.
  void scale(Functions& f, const Grid& grid) const {
    std::vector<Complex> factor(q_.size(), 1), ratio;
    for (const Complex& each : q_) ratio.push_back(std::exp(each * (beta_ * grid.step)));
    for (std::size_t i = 0; i < grid.nodes; ++i) {
      for (std::size_t j = 0; j < q_.size(); ++j) {
        f.at(i)[j] *= factor[j];
        factor[j] *= ratio[j];
      }
    }
  }

  /// An overlap's half steps that take D = x + growth to x, and the Gaussian step from there: the result for every q.
  /// Below the grid f is what it is at its lowest node, `lowest`.
  void apply(double x, double growth, const Functions& scaled, const Complex* lowest, const Grid& grid,
             Complex* result) const {
    constexpr double kReach = 9;
    const double centre = x + mean_;
    const double reach = kReach * deviation();
    std::fill_n(result, q_.size(), Complex(0));
    if (centre + reach < grid.low) {
      for (std::size_t j = 0; j < q_.size(); ++j) result[j] = whole_[j] * lowest[j];
      return;
    }
    const auto clamped = [&](double d) {
      return static_cast<std::ptrdiff_t>(
          std::clamp(std::ceil((d - grid.low) / grid.step), 0.0, static_cast<double>(grid.nodes)));
    };
    const auto first = static_cast<std::size_t>(clamped(centre - reach));
    const auto last = static_cast<std::size_t>(clamped(centre + reach));
    const double unit = grid.step / (deviation() * std::sqrt(2 * std::numbers::pi));
    for (std::size_t i = first; i < last; ++i) {
      const double u = (grid.node(i) - centre) / deviation();
      const double weight = unit * std::exp(-u * u / 2);
      const Complex* f = scaled.at(i);
      for (std::size_t j = 0; j < q_.size(); ++j) result[j] += weight * f[j];
    }
    for (std::size_t j = 0; j < q_.size(); ++j) {
      result[j] *= std::exp(constant_[j] + q_[j] * (growth - beta_ * (x - grid.low)));
    }
    if (centre - reach >= grid.low) return;
    for (double D = grid.low - grid.step; D > centre - reach; D -= grid.step) {
      const double u = (D - centre) / deviation();
      const double weight = unit * std::exp(-u * u / 2);
      for (std::size_t j = 0; j < q_.size(); ++j) {
        result[j] += weight * std::exp(constant_[j] + q_[j] * (beta_ * (D - x))) * lowest[j];
      }
    }
  }

 private:
  std::span<const Complex> q_;
  double mean_;
  double variance_;
  double beta_;
  std::vector<Complex> constant_;
  std::vector<Complex> whole_;  ///< E e^{q Delta E}
};

/// The overlap's step takes D to D - growth, and multiplies f by e^{q growth}.
double overlap_growth(double C, double D) { return std::log1p(C * std::exp(D)); }

std::vector<Complex> transform_in(std::span<const GradientStep> layers, std::span<const Complex> q, std::size_t count) {
  const std::vector<GradientStep> parts = divide(layers, count);
  double deviation = 0;
  double highest = kHighestStart;
  for (const GradientStep& part : parts) {
    deviation = std::max(deviation, std::sqrt(part.variance_of_difference()));
    highest = std::max(highest, kHighestStart + 9 * deviation + std::abs(part.Y_mean - part.E_mean));
  }
  // After an overlap's step D is below -ln C.
  double smallest_C = std::numeric_limits<double>::infinity();
  double path = kHighestStart;
  for (const GradientStep& part : parts) {
    smallest_C = std::min(smallest_C, part.overlap);
    path += std::max(0.0, part.Y_mean - part.E_mean);
  }
  path += 9 * deviation * std::sqrt(static_cast<double>(count));
  if (smallest_C > 0)
    highest = std::min(path, std::max(highest, 9 * deviation + 1 - std::log(smallest_C / 2)));
  else
    highest = path;
  const double step = 0.8 * deviation;
  const Grid grid{kLowestD, step, static_cast<std::size_t>(std::ceil((highest - kLowestD) / step)) + 1};

  Functions f(grid.nodes, q.size(), 1);
  std::vector<Complex> lowest(q.size(), 1);
  const auto begin_with_overlap = [&](double C) {
    for (std::size_t i = 0; i < grid.nodes; ++i) {
      const double growth = overlap_growth(C, grid.node(i));
      for (std::size_t j = 0; j < q.size(); ++j) f.at(i)[j] = std::exp(q[j] * growth);
    }
  };
  begin_with_overlap(parts.back().overlap / 2);
  for (std::size_t k = count - 1; k > 0; --k) {
    const GaussianStep gaussian(parts[k], q);
    const double C = (parts[k].overlap + parts[k - 1].overlap) / 2;
    lowest.assign(f.at(0), f.at(0) + q.size());
    gaussian.scale(f, grid);
    Functions next(grid.nodes, q.size(), 0);
    for (std::size_t i = 0; i < grid.nodes; ++i) {
      const double growth = overlap_growth(C, grid.node(i));
      gaussian.apply(grid.node(i) - growth, growth, f, lowest.data(), grid, next.at(i));
    }
    f = std::move(next);
  }
  // theta = e^D has the density e^{D/2 - e^D/2}/sqrt(2 pi) in D.
  const GaussianStep gaussian(parts[0], q);
  lowest.assign(f.at(0), f.at(0) + q.size());
  gaussian.scale(f, grid);
  constexpr double kStepOfStart = 0.4;
  std::vector<Complex> result(q.size()), value(q.size());
  double left = 1;
  for (double D = kHighestStart; D > kLowestD; D -= kStepOfStart) {
    const double weight = kStepOfStart * std::exp(D / 2 - std::exp(D) / 2) / std::sqrt(2 * std::numbers::pi);
    const double growth = overlap_growth(parts[0].overlap / 2, D);
    gaussian.apply(D - growth, growth, f, lowest.data(), grid, value.data());
    for (std::size_t j = 0; j < q.size(); ++j) result[j] += weight * value[j];
    left -= weight;
  }
  for (std::size_t j = 0; j < q.size(); ++j) result[j] += left * value[j];
  return result;
}

}  // namespace

std::vector<Complex> gradient_transform(std::span<const GradientStep> layers, std::span<const Complex> q) {
  double variance = 0;
  for (const GradientStep& layer : layers) variance += layer.variance_of_difference();
  const auto steps = static_cast<std::size_t>(std::clamp(std::ceil(6 * variance), 16.0, 2048.0));
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

}  // namespace initlaw
