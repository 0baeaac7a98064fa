#include "initlaw/angle_law.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "law/angle_chain.hpp"
#include "law/boost_policy.hpp"

namespace initlaw {
namespace {

/// In standard deviations: what a normal law has beyond is 2e-19 of it.
constexpr double kReach = 9;

double angle_of(double u) { return 2 * std::atan(std::exp(-u)); }
/// Also where theta is too small for a double.
double log_angle_of(double u) { return u > 20 ? std::numbers::ln2 - u : std::log(angle_of(u)); }
double u_of(double theta) { return -std::log(std::tan(theta / 2)); }

double require_angle(double theta) {
  if (std::isnan(theta)) throw std::invalid_argument("theta: nan is not a number");
  return theta;
}

double artanh_of_cosine(double rho) {
  if (!(rho > -1 && rho < 1)) {
    throw std::invalid_argument(
        fmt::format("rho: {} is out of range (-1, 1); inputs that are parallel have no law of angles", rho));
  }
  return std::atanh(rho);
}

/// In the moments' sums of f over a law.
struct MomentSums {
  double mean = 0;
  double square = 0;
  double with_growth = 0;

  void add(double value, double weight, double growth) {
    mean += weight * value;
    square += weight * value * value;
    with_growth += growth * value;
  }
};

}  // namespace

AngleLaw::AngleLaw(std::vector<Part> parts) : parts_(std::move(parts)) {
  // The rule is exact for functions of u that are analytic within i pi/2 of the real line, as these are.
  constexpr double kFineEnough = 0.2;
  constexpr double kCounts = 1e-9;
  double narrowest = 2 * kFineEnough;
  for (const Part& part : parts_) {
    if (part.weight > kCounts) narrowest = std::min(narrowest, part.deviation);
  }
  const double spacing = narrowest / 2;
  const std::vector<GridPoint> points = on_grid(parts_, spacing);
  // Around a typical value nothing cancels.
  const double u_0 = std::accumulate(parts_.begin(), parts_.end(), 0.0,
                                     [](double sum, const Part& part) { return sum + part.weight * part.mean; });
  const double log_0 = log_angle_of(u_0);
  MomentSums angle, tangent;
  double cosine = 0;
  for (const auto& [u, density, growth_density] : points) {
    const double weight = spacing * density;
    const double growth = spacing * growth_density;
    angle.add(log_angle_of(u) - log_0, weight, growth);
    tangent.add(u_0 - u, weight, growth);
    cosine += weight * std::tanh(u);
  }
  mean_cosine_ = std::clamp(cosine, -1.0, 1.0);
  log_angle_ = {log_0 + angle.mean, angle.square - angle.mean * angle.mean, angle.with_growth};
  log_tangent_ = {tangent.mean - u_0, tangent.square - tangent.mean * tangent.mean, tangent.with_growth};
}

std::vector<AngleLaw::GridPoint> AngleLaw::on_grid(const std::vector<Part>& parts, double spacing) {
  constexpr double kNegligible = 1e-22;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Part& part : parts) {
    if (part.weight < kNegligible) continue;
    const double reach = kReach * std::max(part.deviation, spacing);
    low = std::min(low, part.mean - reach);
    high = std::max(high, part.mean + reach);
  }
  const double first = std::floor(low / spacing);
  std::vector<GridPoint> points(static_cast<std::size_t>(std::ceil(high / spacing) - first) + 1);
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = {(first + static_cast<double>(i)) * spacing, 0, 0};
  for (const auto& [mean, own_deviation, weight, growth, growth_slope] : parts) {
    if (weight < kNegligible) continue;
    // The few that are too narrow for the grid, as of angles near pi, are widened, so that no probability is lost.
    const double deviation = std::max(own_deviation, spacing);
    const double scale = 1 / (deviation * std::sqrt(2 * std::numbers::pi));
    const auto begin = static_cast<std::size_t>(std::ceil((mean - kReach * deviation) / spacing) - first);
    const auto end = static_cast<std::size_t>(std::floor((mean + kReach * deviation) / spacing) - first);
    for (std::size_t i = begin; i <= end; ++i) {
      const double distance = points[i].u - mean;
      const double x = distance / deviation;
      const double density = scale * std::exp(-x * x / 2);
      points[i].density += weight * density;
      points[i].growth += (growth + weight * growth_slope * distance) * density;
    }
  }
  return points;
}

double AngleLaw::pdf(double theta) const {
  if (!(require_angle(theta) > 0 && theta < std::numbers::pi)) return 0;
  const double u = u_of(theta);
  double sum = 0;
  for (const Part& part : parts_) {
    const double x = (u - part.mean) / part.deviation;
    sum += part.weight / part.deviation * std::exp(-x * x / 2);
  }
  return sum / (std::sqrt(2 * std::numbers::pi) * std::sin(theta));
}

double AngleLaw::upper(const std::vector<Part>& parts, double u) {
  double sum = 0;
  for (const Part& part : parts) sum += part.weight * std::erfc((u - part.mean) / part.deviation / std::numbers::sqrt2);
  return std::min(1.0, sum / 2);
}

double AngleLaw::lower(double u) const {
  double sum = 0;
  for (const Part& part : parts_)
    sum += part.weight * std::erfc((part.mean - u) / part.deviation / std::numbers::sqrt2);
  return std::min(1.0, sum / 2);
}

double AngleLaw::cdf(double theta) const {
  if (require_angle(theta) <= 0) return 0;
  return theta >= std::numbers::pi ? 1 : upper(parts_, u_of(theta));
}

double AngleLaw::survival(double theta) const {
  if (require_angle(theta) <= 0) return 1;
  return theta >= std::numbers::pi ? 0 : lower(u_of(theta));
}

double AngleLaw::quantile(double p) const {
  if (p == 0 || p == 1) return p * std::numbers::pi;
  constexpr double kSmallest = 1e-12;
  if (!(p >= kSmallest && p <= 1 - kSmallest)) {
    throw std::invalid_argument(fmt::format("p: {} is out of range [1e-12, 1 - 1e-12]", p));
  }
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Part& part : parts_) {
    low = std::min(low, part.mean - kReach * part.deviation);
    high = std::max(high, part.mean + kReach * part.deviation);
  }
  std::uintmax_t iterations = 100;
  const auto [left, right] = boost::math::tools::toms748_solve(
      [&](double u) { return p < 0.5 ? upper(parts_, u) - p : (1 - p) - lower(u); }, low, high,
      boost::math::tools::eps_tolerance<double>(50), iterations, BoostPolicy());
  return angle_of(left + (right - left) / 2);
}

AngleLaw angle_law(const Network& network, double rho) {
  return angle_law_by_layer(network, rho, {network.depth()})[0];
}

std::vector<AngleLaw> angle_law_by_layer(const Network& network, double rho, const std::vector<std::size_t>& layers) {
  const double u = artanh_of_cosine(rho);
  std::vector<std::size_t> order(layers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return layers[i] < layers[j]; });
  if (!layers.empty() && layers[order.back()] > network.depth()) {
    throw std::invalid_argument(
        fmt::format("layers: {} is out of range [0, {}]", layers[order.back()], network.depth()));
  }
  AngleChain chain(angle_path(network), u);
  std::vector<std::optional<AngleLaw>> laws(layers.size());
  for (const std::size_t i : order) {
    while (chain.last() < layers[i]) chain.advance();
    laws[i] = chain.law(layers[i]);
  }
  std::vector<AngleLaw> result;
  result.reserve(laws.size());
  for (std::optional<AngleLaw>& law : laws) result.push_back(std::move(*law));
  return result;
}

std::optional<std::size_t> collapse_depth(const Network& network, double rho, double angle, double probability) {
  const double u = artanh_of_cosine(rho);
  if (!(angle > 0 && angle < std::numbers::pi)) {
    throw std::invalid_argument(fmt::format("angle: {} is out of range (0, pi)", angle));
  }
  if (!(probability > 0 && probability < 1)) {
    throw std::invalid_argument(fmt::format("probability: {} is out of range (0, 1)", probability));
  }
  AngleChain chain(angle_path(network), u);
  const auto is_open = [&](std::size_t l) { return chain.upper(l, u_of(angle)) < probability; };
  while (is_open(chain.last())) {
    if (chain.last() == network.depth()) return std::nullopt;
    chain.advance();
  }
  std::size_t l = chain.first();
  while (l < chain.last() && is_open(l)) ++l;
  return l;
}

}  // namespace initlaw
