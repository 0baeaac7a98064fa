#include <algorithm>
#include <cmath>

#include "initlaw/statistics.hpp"
#include "statistics/none.hpp"

namespace initlaw {
namespace {

/// e^x/e^y, for equal infinities 1.
double ratio_of_exponentials(double x, double y) { return x == y ? 1 : std::exp(x - y); }

}  // namespace

void LogMean::rescale(double log_unit) {
  const double factor = std::exp(log_unit_ - log_unit);
  sum_ *= factor;
  sum_squares_ *= factor * factor;
  log_unit_ = log_unit;
}

void LogMean::add(double log_value) {
  ++count_;
  if (log_value == -std::numeric_limits<double>::infinity()) return;
  if (log_value > log_unit_) rescale(log_value);
  const double value = ratio_of_exponentials(log_value, log_unit_);
  sum_ += value;
  sum_squares_ += value * value;
}

void LogMean::merge(const LogMean& other) {
  count_ += other.count_;
  if (other.log_unit_ > log_unit_) rescale(other.log_unit_);
  const double factor = ratio_of_exponentials(other.log_unit_, log_unit_);
  sum_ += factor * other.sum_;
  sum_squares_ += factor * factor * other.sum_squares_;
}

double LogMean::log_mean() const { return log_unit_ + std::log(sum_ / static_cast<double>(count_)); }

Estimate LogMean::mean() const {
  const Estimate in_unit = mean_in_unit();
  const double unit = std::exp(log_unit_);
  return {unit * in_unit.value, unit * in_unit.std_error};
}

double LogMean::relative_error() const {
  if (std::isinf(log_unit_)) return kNone;
  const auto [value, std_error] = mean_in_unit();
  return std_error / value;
}

Estimate LogMean::mean_in_unit() const {
  const double n = static_cast<double>(count_);
  const double mean = sum_ / n;
  const double variance = std::max(0.0, sum_squares_ / n - mean * mean) * n / (n - 1);
  return {mean, std::sqrt(variance / n)};
}

}  // namespace initlaw
