#include <algorithm>
#include <cstddef>

#include "initlaw/statistics.hpp"

namespace initlaw {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void Moments::add(double x) { add(std::span(&x, 1)); }

void Moments::add(std::span<const double> numbers) {
  if (numbers.empty()) return;
  if (count_ == 0) pivot_ = numbers[0];
  // Several sums at the same time, for a processor's vectors.
  constexpr std::size_t kLanes = 4;
  std::array<std::array<double, kLanes>, 4> sums{};
  const auto add_to = [&](std::size_t lane, double x) {
    const double y = x - pivot_;
    const double y2 = y * y;
    sums[0][lane] += y;
    sums[1][lane] += y2;
    sums[2][lane] += y2 * y;
    sums[3][lane] += y2 * y2;
  };
  std::size_t i = 0;
  for (; i + kLanes <= numbers.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) add_to(lane, numbers[i + lane]);
  }
  for (; i < numbers.size(); ++i) add_to(0, numbers[i]);
  for (std::size_t k = 0; k < sums.size(); ++k) sums_[k] += (sums[k][0] + sums[k][1]) + (sums[k][2] + sums[k][3]);
  count_ += numbers.size();
}

void Moments::merge(const Moments& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const auto& [s1, s2, s3, s4] = other.sums_;
  const double n = static_cast<double>(other.count_);
  const double d = other.pivot_ - pivot_;
  const double d2 = d * d;
  sums_[0] += s1 + n * d;
  sums_[1] += s2 + 2 * d * s1 + n * d2;
  sums_[2] += s3 + 3 * d * s2 + 3 * d2 * s1 + n * d2 * d;
  sums_[3] += s4 + 4 * d * s3 + 6 * d2 * s2 + 4 * d2 * d * s1 + n * d2 * d2;
  count_ += other.count_;
}

Moments::Central Moments::central() const {
  const auto& [s1, s2, s3, s4] = sums_;
  const double n = static_cast<double>(count_);
  const double shift = s1 / n;
  const double shift2 = shift * shift;
  return {.mean = pivot_ + shift,
          .m2 = std::max(0.0, s2 - n * shift2),
          .m4 = std::max(0.0, s4 - 4 * shift * s3 + 6 * shift2 * s2 - 3 * n * shift2 * shift2)};
}

Estimate Moments::mean() const {
  if (count_ == 0) return {kNone, kNone};
  return {central().mean, std::sqrt(variance().value / static_cast<double>(count_))};
}

Estimate Moments::variance() const {
  if (count_ < 2) return {kNone, kNone};
  const Central sums = central();
  const double n = static_cast<double>(count_);
  const double variance = sums.m2 / (n - 1);
  if (count_ < 4) return {variance, kNone};
  // Var of the unbiased variance = (mu_4 - sigma^4 (n - 3)/(n - 1))/n.
  const double error2 = (sums.m4 / n - variance * variance * (n - 3) / (n - 1)) / n;
  return {variance, std::sqrt(std::max(0.0, error2))};
}

double Moments::excess_kurtosis() const {
  const Central sums = central();
  return count_ < 2 ? kNone : static_cast<double>(count_) * sums.m4 / (sums.m2 * sums.m2) - 3;
}

}  // namespace initlaw
