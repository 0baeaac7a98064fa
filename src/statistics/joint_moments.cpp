#include <algorithm>
#include <cmath>

#include "initlaw/statistics.hpp"
#include "statistics/none.hpp"

namespace initlaw {
namespace {

constexpr double kBinomials[5][5] = {{1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}};

}  // namespace

void JointMoments::add(double x, double y) {
  if (count_ == 0) {
    pivot_x_ = x;
    pivot_y_ = y;
  }
  double x_power = 1;
  for (std::size_t i = 0; i < kPowers; ++i) {
    double power = x_power;
    for (std::size_t j = 0; i + j < kPowers; ++j) {
      sums_[i * kPowers + j] += power;
      power *= y - pivot_y_;
    }
    x_power *= x - pivot_x_;
  }
  ++count_;
}

JointMoments::Sums JointMoments::shifted(double dx, double dy) const {
  std::array<double, kPowers> dx_power{}, dy_power{};
  for (std::size_t k = 0; k < kPowers; ++k) {
    dx_power[k] = std::pow(dx, static_cast<double>(k));
    dy_power[k] = std::pow(dy, static_cast<double>(k));
  }
  Sums result{};
  for (std::size_t i = 0; i < kPowers; ++i) {
    for (std::size_t j = 0; i + j < kPowers; ++j) {
      for (std::size_t a = 0; a <= i; ++a) {
        for (std::size_t b = 0; b <= j; ++b) {
          result[i * kPowers + j] +=
              kBinomials[i][a] * kBinomials[j][b] * dx_power[i - a] * dy_power[j - b] * sums_[a * kPowers + b];
        }
      }
    }
  }
  return result;
}

void JointMoments::merge(const JointMoments& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const Sums theirs = other.shifted(other.pivot_x_ - pivot_x_, other.pivot_y_ - pivot_y_);
  for (std::size_t k = 0; k < theirs.size(); ++k) sums_[k] += theirs[k];
  count_ += other.count_;
}

Estimate JointMoments::covariance() const {
  if (count_ < 2) return {kNone, kNone};
  const double n = static_cast<double>(count_);
  const Sums m = shifted(-sums_[kPowers] / n, -sums_[1] / n);
  const double covariance = m[kPowers + 1] / (n - 1);
  const double variance = m[2 * kPowers + 2] / n - covariance * covariance;
  return {covariance, std::sqrt(std::max(0.0, variance) / n)};
}

// By the delta method, in units in which both variances are 1: Var r = (m_22 + (r^2/4) (m_40 + m_04 + 2 m_22) -
// r (m_31 + m_13))/n.
Estimate JointMoments::correlation() const {
  if (count_ < 3) return {kNone, kNone};
  const double n = static_cast<double>(count_);
  const Sums m = shifted(-sums_[kPowers] / n, -sums_[1] / n);
  const auto moment = [&](std::size_t i, std::size_t j) { return m[i * kPowers + j] / n; };
  const double x2 = moment(2, 0);
  const double y2 = moment(0, 2);
  const double xy = std::sqrt(x2) * std::sqrt(y2);
  const double r = moment(1, 1) / xy;
  const double m22 = moment(2, 2) / (x2 * y2);
  const double variance = m22 + r * r / 4 * (moment(4, 0) / (x2 * x2) + moment(0, 4) / (y2 * y2) + 2 * m22) -
                          r * (moment(3, 1) / (x2 * xy) + moment(1, 3) / (y2 * xy));
  return {r, std::sqrt(std::max(0.0, variance) / n)};
}

}  // namespace initlaw
