#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "initlaw/angle_law.hpp"
#include "law/angle_path.hpp"
#include "law/fourier_inversion.hpp"
#include "law/require_number.hpp"
#include "law/small_angle_layer.hpp"

namespace initlaw {

SmallAngleLaw::SmallAngleLaw(double mean, double variance, std::vector<std::complex<double>> transform)
    : mean_(mean), deviation_(std::sqrt(variance)), transform_(std::move(transform)) {}

double SmallAngleLaw::pdf(double x) const {
  return fourier_pdf(transform_, (require_number(x) - mean_) / deviation_) / deviation_;
}

double SmallAngleLaw::cdf(double x) const { return fourier_cdf(transform_, (require_number(x) - mean_) / deviation_); }

double SmallAngleLaw::quantile(double p) const { return mean_ + fourier_quantile(transform_, p) * deviation_; }

SmallAngleLaw exact_small_angle_law(const Network& network) {
  require_angles(network);
  if (network.leak() != 0 || !network.is_without_skip()) {
    throw std::invalid_argument(
        "network: only a ReLU network without skip path has an exact law of small angles (alpha = 0 in every layer, "
        "leak 0)");
  }
  std::map<std::size_t, double> counts;
  for (std::size_t l = 0; l < network.depth(); ++l) {
    counts[network.width(l)] += static_cast<double>(network.branch_depth());
  }
  std::vector<std::pair<SmallAngleLayer, double>> layers{{SmallAngleLayer::linear(network.width(network.depth())), 1}};
  for (const auto& [width, count] : counts) layers.emplace_back(SmallAngleLayer::relu(width), count);
  double mean = 0;
  double variance = 0;
  for (const auto& [layer, count] : layers) {
    mean += count * layer.mean();
    variance += count * layer.variance();
  }
  constexpr double kNegligible = 1e-16;
  constexpr std::size_t kMost = 10'000;
  std::vector<std::complex<double>> transform;
  while (transform.size() < kMost && (transform.empty() || std::abs(transform.back()) > kNegligible)) {
    const double u = (static_cast<double>(transform.size()) + 0.5) * fourier_step();
    const std::complex<double> s(0, u / std::sqrt(variance));
    std::complex<double> log_value = -s * mean;
    for (const auto& [layer, count] : layers) log_value += count * layer.log_transform(s);
    transform.push_back(std::exp(log_value));
  }
  return {mean, variance, std::move(transform)};
}

}  // namespace initlaw
