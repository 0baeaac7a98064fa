#include "initlaw/gradient_limit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>
#include <stdexcept>
#include <string_view>

#include "law/fourier_inversion.hpp"
#include "law/gradient_functional.hpp"
#include "law/log_chi_square.hpp"
#include "law/require_number.hpp"
#include "network/network_scales.hpp"

namespace initlaw {
namespace {

using Complex = std::complex<double>;

double deviation_of(const GradientStep& total) { return std::sqrt(std::max(total.E_variance, total.Y_variance)); }

GradientStep sum_of(std::span<const GradientStep> layers) {
  GradientStep total;
  for (const GradientStep& layer : layers) total.add(layer, 1);
  return total;
}

/// Whether E's variance is within what a double holds of its square.
bool varies(const GradientStep& total) { return total.E_variance > 1e-280; }

void require_positive_rates(const GradientStep& total, std::string_view layers) {
  if (!(total.E_variance > 0 && total.overlap > 0 && total.variance_of_difference() > 0)) {
    throw std::invalid_argument(fmt::format(
        "alpha: changes sign where lambda is so large that the rates of a gradient's growth are negative, {} together; "
        "the law of gradients needs positive ones",
        layers));
  }
}

struct Cumulants {
  double mean;
  double variance;
};

/// The first two derivatives of ln E e^{qX} at q = 0, by Cauchy's integrals over a circle, of which the lower half
/// mirrors the upper one.
Cumulants cumulants(std::span<const GradientStep> layers) {
  constexpr int kPoints = 6;
  const GradientStep total = sum_of(layers);
  const double radius = 0.3 / deviation_of(total);
  // So near the mean that the logarithm is on its main branch.
  const double centre = std::max(total.E_mean, total.Y_mean);
  std::vector<Complex> q;
  for (int j = 0; j <= kPoints / 2; ++j) q.push_back(std::polar(radius, 2 * std::numbers::pi * j / kPoints));
  const std::vector<Complex> values = gradient_transform(layers, q);
  double first = 0;
  double second = 0;
  for (std::size_t j = 0; j < q.size(); ++j) {
    const double times = j == 0 || j + 1 == q.size() ? 1 : 2;
    const Complex logarithm = std::log(values[j] * std::exp(-q[j] * centre));
    first += times * (logarithm / q[j]).real();
    second += times * 2 * (logarithm / (q[j] * q[j])).real();
  }
  return {centre + first / kPoints, second / kPoints};
}

/// Cov(X, Y): how the mean changes if the law is tilted by e^{sY}, which moves E and Y by s times their covariance with
/// Y.
double covariance_with_Y(std::span<const GradientStep> layers, double Y_deviation) {
  const auto mean_tilted_by = [&](double s) {
    std::vector<GradientStep> tilted(layers.begin(), layers.end());
    for (GradientStep& layer : tilted) {
      layer.E_mean += s * layer.covariance;
      layer.Y_mean += s * layer.Y_variance;
    }
    return cumulants(tilted).mean;
  };
  const double s = 0.04 / Y_deviation;
  const double near = (mean_tilted_by(s) - mean_tilted_by(-s)) / (2 * s);
  const double far = (mean_tilted_by(2 * s) - mean_tilted_by(-2 * s)) / (4 * s);
  return near + (near - far) / 3;
}

/// All frequencies, in 1/(standard deviation), beyond which a normal part that is `share` of the variance leaves
/// nothing.
std::vector<double> frequencies(double share) {
  const double last = std::sqrt(2 * 25 / share);
  std::vector<double> result;
  for (double u = fourier_step() / 2; u < last; u += fourier_step()) result.push_back(u);
  return result;
}

}  // namespace

GradientLaw::GradientLaw(double mean, double variance, double correlation, std::vector<Complex> transform)
    : mean_(mean), deviation_(std::sqrt(variance)), correlation_(correlation), transform_(std::move(transform)) {}

double GradientLaw::pdf(double x) const {
  return fourier_pdf(transform_, (require_number(x) - mean_) / deviation_) / deviation_;
}

double GradientLaw::cdf(double x) const { return fourier_cdf(transform_, (require_number(x) - mean_) / deviation_); }

double GradientLaw::quantile(double p) const { return mean_ + fourier_quantile(transform_, p) * deviation_; }

std::vector<double> GradientLaw::sample(std::size_t count, std::uint64_t seed) const {
  constexpr std::size_t kIntervals = 4096;
  constexpr double kWidth = 2 * kFourierReach / kIntervals;
  std::vector<double> table(kIntervals + 1);
  for (std::size_t i = 0; i <= kIntervals; ++i)
    table[i] = fourier_cdf(transform_, -kFourierReach + static_cast<double>(i) * kWidth);
  std::mt19937_64 generator(seed);
  std::uniform_real_distribution<double> uniform(table.front(), table.back());
  std::vector<double> draws(count);
  for (double& draw : draws) {
    const double p = uniform(generator);
    const auto above = std::upper_bound(table.begin() + 1, table.end() - 1, p);
    const double share = (p - above[-1]) / (above[0] - above[-1]);
    const auto interval = static_cast<double>(above - table.begin() - 1);
    draw = mean_ + (-kFourierReach + (interval + std::clamp(share, 0.0, 1.0)) * kWidth) * deviation_;
  }
  return draws;
}

GradientLimit gradient_limit(const Network& network) { return gradient_limit(network, gradient_steps(network)); }

GradientLimit gradient_limit(const Network& network, std::span<const GradientStep> layers) {
  const double log_scale = NetworkScales(network).log_growth();
  const GradientStep total = sum_of(layers);
  if (!varies(total)) {
    throw std::invalid_argument(
        "lambda: is 0, or less than 1e-140 of alpha, in all layers, and a gradient's growth always the same");
  }
  require_positive_rates(total, "all layers");
  const double G_deviation = std::sqrt(total.Y_variance + 2 / static_cast<double>(network.width(0)));
  const double E_deviation = std::sqrt(total.E_variance);
  std::vector<Complex> normal;
  for (const double u : frequencies(1)) normal.emplace_back(std::exp(-u * u / 2));
  GradientLaw orthogonal(log_scale + total.E_mean, total.E_variance, total.covariance / (E_deviation * G_deviation),
                         std::move(normal));

  const auto [mean, variance] = cumulants(layers);
  const double deviation = std::sqrt(variance);
  const double along = total.covariance - total.E_variance;
  const double normal_part = total.E_variance - along * along / total.variance_of_difference();
  std::vector<Complex> q;
  for (const double u : frequencies(normal_part / variance)) q.emplace_back(0, u / deviation);
  std::vector<Complex> transform = gradient_transform(layers, q);
  for (std::size_t j = 0; j < q.size(); ++j) transform[j] *= std::exp(-q[j] * mean);
  const double covariance = covariance_with_Y(layers, std::sqrt(total.Y_variance));
  GradientLaw random(log_scale + mean, variance, covariance / (deviation * G_deviation), std::move(transform));
  return {.log_scale = log_scale,
          .gradient_mean = total.E_mean,
          .gradient_variance = total.E_variance,
          .norm_mean = total.Y_mean,
          .norm_variance = total.Y_variance,
          .covariance = total.covariance,
          .overlap = total.overlap,
          .random = std::move(random),
          .orthogonal = std::move(orthogonal)};
}

std::vector<GradientNorm> gradient_norms(const Network& network, OutputDirection direction,
                                         std::span<const std::size_t> layers) {
  return gradient_norms(network, gradient_steps(network), inherited_means(network, layer_sums(network)), direction,
                        layers);
}

std::vector<GradientNorm> gradient_norms(const Network& network, std::span<const GradientStep> steps,
                                         std::span<const GradientStep> inherited, OutputDirection direction,
                                         std::span<const std::size_t> layers) {
  const std::size_t d = network.depth();
  const std::size_t n = network.width(d);
  const bool is_random = direction == OutputDirection::kRandom;
  if (!is_random && n == 1) {
    throw std::invalid_argument("direction: none is orthogonal to one neuron; it must be random, or the width 2");
  }
  const LogChiSquare last(is_random ? n : n - 1);
  const NetworkScales scales(network);
  std::vector<GradientNorm> norms;
  for (const std::size_t l : layers) {
    if (l > d) throw std::invalid_argument(fmt::format("layers: {} is beyond the last one, {}", l, d));
    std::vector<GradientStep> above(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(d - l));
    // Those layers that inherit most are the lowest.
    if (!above.empty()) above.back().add(inherited[l], 1);
    const GradientStep total = sum_of(above);
    Cumulants growth{0, 0};
    if (varies(total) || total.E_variance < 0) {
      require_positive_rates(total, fmt::format("those above layer {}", l));
      growth = is_random ? cumulants(above) : Cumulants{total.E_mean, total.E_variance};
    }
    norms.push_back({.layer = l,
                     .mean = last.mean() - std::log(static_cast<double>(n)) + scales.log_growth() -
                             scales.log_growth(l) + growth.mean,
                     .variance = last.variance() + growth.variance});
  }
  return norms;
}

}  // namespace initlaw
