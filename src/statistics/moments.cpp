#include <algorithm>
#include <cstddef>

#include "initlaw/statistics.hpp"
#include "statistics/none.hpp"

namespace initlaw {

void Moments::add(double x) { add(std::span(&x, 1)); }

void Moments::add(std::span<const double> numbers) {
  if (numbers.empty()) return;
  if (count_ == 0) pivot_ = numbers[0];
  // Several sums of each power at the same time, which processors add as vectors.
  constexpr std::size_t kLanes = 4;
  std::array<double, kLanes> s1{}, s2{}, s3{}, s4{};
  const auto add_to = [&](std::size_t lane, double y) {
    s1[lane] += y;
    s2[lane] += y * y;
    s3[lane] += y * y * y;
    s4[lane] += y * y * (y * y);
  };
  const double pivot = pivot_;
  std::size_t i = 0;
  for (; i + kLanes <= numbers.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) add_to(lane, numbers[i + lane] - pivot);
  }
  for (; i < numbers.size(); ++i) add_to(0, numbers[i] - pivot);
  const auto total = [](const std::array<double, kLanes>& sums) { return (sums[0] + sums[1]) + (sums[2] + sums[3]); };
  sums_[0] += total(s1);
  sums_[1] += total(s2);
  sums_[2] += total(s3);
  sums_[3] += total(s4);
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
