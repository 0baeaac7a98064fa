#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "initlaw/statistics.hpp"
#include "support/infinity.hpp"

namespace initlaw {
namespace {

using support::kInfinity;

LogMean log_mean_of(std::span<const double> logarithms) {
  LogMean mean;
  for (const double x : logarithms) mean.add(x);
  return mean;
}

const std::vector<double> kValues = {0.5, 8, 2, 0, 3, 0.25, 11, 1};

std::vector<double> logarithms(double shift) {
  std::vector<double> result;
  for (const double x : kValues) result.push_back(std::log(x) + shift);
  return result;
}

TEST(LogMean, IsTheMeanOfTheNumbersWithItsError) {
  double sum = 0;
  double sum_squares = 0;
  for (const double x : kValues) {
    sum += x;
    sum_squares += x * x;
  }
  const double mean = sum / 8;
  const double variance = (sum_squares - 8 * mean * mean) / 7;
  const LogMean found = log_mean_of(logarithms(0));
  EXPECT_NEAR(found.mean().value, mean, 1e-14);
  EXPECT_NEAR(found.mean().std_error, std::sqrt(variance / 8), 1e-14);
  EXPECT_NEAR(found.log_mean(), std::log(mean), 1e-15);
}

TEST(LogMean, NeitherOverflowsNorUnderflows) {
  const double log_mean = log_mean_of(logarithms(0)).log_mean();
  for (const double shift : {-1e5, -800.0, 800.0, 1e5}) {
    EXPECT_NEAR(log_mean_of(logarithms(shift)).log_mean() - shift, log_mean, 1e-10) << shift;
  }
  const Estimate mean = log_mean_of(logarithms(0)).mean();
  EXPECT_NEAR(log_mean_of(logarithms(1e5)).relative_error(), mean.std_error / mean.value, 1e-10);
  EXPECT_EQ(log_mean_of(logarithms(1e5)).mean().value, kInfinity);
  EXPECT_EQ(log_mean_of(logarithms(-1e5)).mean().value, 0);
}

TEST(LogMean, KeepsTheLargestOfNumbersFarApart) {
  for (const std::vector<double>& order : {std::vector{-5000.0, 0.0, 5000.0}, std::vector{5000.0, 0.0, -5000.0}}) {
    EXPECT_NEAR(log_mean_of(order).log_mean(), 5000 - std::log(3), 1e-11);
  }
}

TEST(LogMean, CountsMinusInfinityAsZero) {
  const LogMean mean = log_mean_of(std::vector{-kInfinity, std::log(3.0), -kInfinity, -kInfinity});
  EXPECT_NEAR(mean.mean().value, 0.75, 1e-15);
  EXPECT_NEAR(mean.mean().std_error, 0.75, 1e-15);
  EXPECT_NEAR(mean.log_mean(), std::log(0.75), 1e-15);
}

TEST(LogMean, OfZerosAloneIsZero) {
  const LogMean mean = log_mean_of(std::vector{-kInfinity, -kInfinity});
  EXPECT_EQ(mean.mean().value, 0);
  EXPECT_EQ(mean.log_mean(), -kInfinity);
}

TEST(LogMean, WithOneInfiniteNumberIsInfinite) {
  const std::vector<double> all = {2, kInfinity, -kInfinity, 5000, kInfinity, 1};
  for (std::size_t begin = 0; begin < all.size(); ++begin) {
    for (std::size_t end = begin + 1; end <= all.size(); ++end) {
      const auto part = std::span(all).subspan(begin, end - begin);
      const bool infinite = std::count(part.begin(), part.end(), kInfinity) > 0;
      for (std::size_t split = 0; split <= part.size(); ++split) {
        LogMean mean = log_mean_of(part.first(split));
        mean.merge(log_mean_of(part.subspan(split)));
        EXPECT_EQ(mean.log_mean() == kInfinity, infinite) << begin << " " << end << " " << split;
        if (!infinite) continue;
        EXPECT_EQ(mean.mean().value, kInfinity);
        EXPECT_FALSE(std::isfinite(mean.mean().std_error));
        EXPECT_FALSE(std::isfinite(mean.relative_error()));
      }
    }
  }
}

TEST(LogMean, MergedInAnySplitIsThatOfTheWholeStream) {
  const std::vector<double> stream = logarithms(700);
  const LogMean whole = log_mean_of(stream);
  for (std::size_t split = 0; split <= stream.size(); ++split) {
    LogMean merged = log_mean_of(std::span(stream).first(split));
    merged.merge(log_mean_of(std::span(stream).subspan(split)));
    EXPECT_NEAR(merged.log_mean(), whole.log_mean(), 1e-13) << split;
    EXPECT_NEAR(merged.mean().std_error, whole.mean().std_error, 1e-13 * whole.mean().std_error) << split;
  }
}

TEST(LogMean, CountsTheZerosThatItIsMergedWith) {
  LogMean mean = log_mean_of(std::vector{std::log(6.0)});
  mean.merge(log_mean_of(std::vector{-kInfinity, -kInfinity}));
  EXPECT_NEAR(mean.mean().value, 2, 1e-15);
  LogMean zeros = log_mean_of(std::vector{-kInfinity, -kInfinity});
  zeros.merge(log_mean_of(std::vector{std::log(6.0)}));
  EXPECT_NEAR(zeros.mean().value, 2, 1e-15);
}

TEST(LogMean, TellsTheLargestNumbersShareOfTheSquares) {
  EXPECT_NEAR(log_mean_of(std::vector{std::log(1.0), std::log(3.0), std::log(2.0)}).largest_share(), 9.0 / 14, 1e-15);
  EXPECT_NEAR(log_mean_of(std::vector{-1000.0, -1e100, -kInfinity, -1000.0}).largest_share(), 0.5, 1e-15);
  EXPECT_FALSE(std::isfinite(log_mean_of(std::vector{-kInfinity}).largest_share()));
}

// Null hypothesis: where no number makes more than a tenth of the sum of squares, the mean's error covers the truth
// about as often as it should: twice the error in 9 runs of 10 at least. Of the others it does so in fewer than 17
// of 20.
TEST(LogMean, HasHonestErrorsWhereNoNumberMakesMuchOfTheSquares) {
  std::mt19937_64 random(1);
  int runs = 0, covered = 0, others_covered = 0;
  constexpr int kRuns = 4000;
  for (int run = 0; run < kRuns; ++run) {
    const double deviation = 0.25 * (1 + run % 10);
    std::normal_distribution<double> normal(-deviation * deviation / 2, deviation);
    LogMean mean;
    for (int i = 0; i < 200; ++i) mean.add(normal(random));
    const bool covers = std::abs(mean.mean().value - 1) < 2 * mean.mean().std_error;
    if (mean.largest_share() > 0.1) {
      others_covered += covers ? 1 : 0;
    } else {
      ++runs;
      covered += covers ? 1 : 0;
    }
  }
  EXPECT_GT(covered, 0.9 * runs);
  EXPECT_LT(others_covered, 0.85 * (kRuns - runs));
}

TEST(LogMean, OfTooFewNumbersIsNotFinite) {
  EXPECT_FALSE(std::isfinite(LogMean().log_mean()));
  EXPECT_FALSE(std::isfinite(LogMean().mean().value));
  EXPECT_FALSE(std::isfinite(log_mean_of(std::vector{1.0}).mean().std_error));
}

}  // namespace
}  // namespace initlaw
