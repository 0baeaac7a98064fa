#include <algorithm>
#include <array>

#include "initlaw/statistics.hpp"

namespace initlaw {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// The sum of f(x) over x in `numbers`, as four sums that a processor adds up at the same time.
template <typename Function>
double sum_of(std::span<const double> numbers, const Function& f) {
  std::array<double, 4> sums{};
  std::size_t i = 0;
  for (; i + 4 <= numbers.size(); i += 4) {
    for (std::size_t j = 0; j < 4; ++j) sums[j] += f(numbers[i + j]);
  }
  for (; i < numbers.size(); ++i) sums[0] += f(numbers[i]);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace

void Moments::add(std::span<const double> numbers) {
  if (numbers.empty()) return;
  Moments batch;
  batch.count_ = numbers.size();
  const double mean = sum_of(numbers, [](double x) { return x; }) / static_cast<double>(numbers.size());
  batch.mean_ = mean;
  batch.m2_ = sum_of(numbers, [mean](double x) { return (x - mean) * (x - mean); });
  batch.m3_ = sum_of(numbers, [mean](double x) { return (x - mean) * (x - mean) * (x - mean); });
  batch.m4_ = sum_of(numbers, [mean](double x) { return (x - mean) * (x - mean) * ((x - mean) * (x - mean)); });
  merge(batch);
}

void Moments::add(double x) {
  const double before = static_cast<double>(count_);
  ++count_;
  const double n = static_cast<double>(count_);
  const double delta = x - mean_;
  const double step = delta / n;
  const double step2 = step * step;
  const double square = delta * step * before;
  mean_ += step;
  m4_ += square * step2 * (n * n - 3 * n + 3) + 6 * step2 * m2_ - 4 * step * m3_;
  m3_ += square * step * (n - 2) - 3 * step * m2_;
  m2_ += square;
}

void Moments::merge(const Moments& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const double a = static_cast<double>(count_);
  const double b = static_cast<double>(other.count_);
  const double n = a + b;
  const double delta = other.mean_ - mean_;
  const double step = delta / n;
  m4_ += other.m4_ + delta * step * step * step * a * b * (a * a - a * b + b * b) +
         6 * step * step * (a * a * other.m2_ + b * b * m2_) + 4 * step * (a * other.m3_ - b * m3_);
  m3_ += other.m3_ + delta * step * step * a * b * (a - b) + 3 * step * (a * other.m2_ - b * m2_);
  m2_ += other.m2_ + delta * step * a * b;
  mean_ += step * b;
  count_ += other.count_;
}

Estimate Moments::mean() const {
  if (count_ == 0) return {kNone, kNone};
  return {mean_, std::sqrt(variance().value / static_cast<double>(count_))};
}

Estimate Moments::variance() const {
  if (count_ < 2) return {kNone, kNone};
  const double n = static_cast<double>(count_);
  const double variance = m2_ / (n - 1);
  if (count_ < 4) return {variance, kNone};
  // Var of the unbiased variance = (mu_4 - sigma^4 (n - 3)/(n - 1))/n.
  const double error2 = (m4_ / n - variance * variance * (n - 3) / (n - 1)) / n;
  return {variance, std::sqrt(std::max(0.0, error2))};
}

double Moments::excess_kurtosis() const {
  const double n = static_cast<double>(count_);
  return count_ < 2 ? kNone : n * m4_ / (m2_ * m2_) - 3;
}

}  // namespace initlaw
