#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <span>
#include <vector>

#include "initlaw/statistics.hpp"

namespace initlaw {
namespace {

Moments moments_of(std::span<const double> numbers) {
  Moments moments;
  for (const double x : numbers) moments.add(x);
  return moments;
}

double mean_power(std::span<const double> numbers, double center, int power) {
  double sum = 0;
  for (const double x : numbers) sum += std::pow(x - center, power);
  return sum / static_cast<double>(numbers.size());
}

const std::vector<double> kSample = {3.5, -1, 4, 1, -5.25, 9, 2, 6, 5, 3.5, 5, -8};

void expect_same(const Moments& a, const Moments& b, double tolerance) {
  EXPECT_EQ(a.count(), b.count());
  EXPECT_NEAR(a.mean().value, b.mean().value, tolerance);
  EXPECT_NEAR(a.mean().std_error, b.mean().std_error, tolerance);
  EXPECT_NEAR(a.variance().value, b.variance().value, tolerance);
  EXPECT_NEAR(a.variance().std_error, b.variance().std_error, tolerance);
  EXPECT_NEAR(a.excess_kurtosis(), b.excess_kurtosis(), tolerance);
}

TEST(Moments, EqualTheTwoPassFormulas) {
  const Moments moments = moments_of(kSample);
  const double n = 12;
  const double mean = mean_power(kSample, 0, 1);
  const double m2 = mean_power(kSample, mean, 2);
  const double m4 = mean_power(kSample, mean, 4);
  const double variance = m2 * n / (n - 1);
  EXPECT_EQ(moments.count(), 12);
  EXPECT_NEAR(moments.mean().value, mean, 1e-14);
  EXPECT_NEAR(moments.mean().std_error, std::sqrt(variance / n), 1e-14);
  EXPECT_NEAR(moments.variance().value, variance, 1e-13);
  EXPECT_NEAR(moments.variance().std_error, std::sqrt((m4 - variance * variance * (n - 3) / (n - 1)) / n), 1e-12);
  EXPECT_NEAR(moments.excess_kurtosis(), m4 / (m2 * m2) - 3, 1e-14);
}

TEST(Moments, MergedInAnySplitAreThoseOfTheWholeStream) {
  const Moments whole = moments_of(kSample);
  for (std::size_t split = 0; split <= kSample.size(); ++split) {
    Moments merged = moments_of(std::span(kSample).first(split));
    merged.merge(moments_of(std::span(kSample).subspan(split)));
    expect_same(merged, whole, 1e-12);
  }
}

TEST(Moments, MergedOneByOneAreThoseOfTheWholeStream) {
  Moments merged;
  for (const double x : kSample) merged.merge(moments_of(std::span(&x, 1)));
  expect_same(merged, moments_of(kSample), 1e-12);
}

TEST(Moments, DoNotCancelFarFromZero) {
  std::vector<double> shifted = kSample;
  for (double& x : shifted) x += 1e9;  // exact: the numbers are multiples of 1/4
  const Moments moments = moments_of(shifted);
  const Moments expected = moments_of(kSample);
  EXPECT_NEAR(moments.mean().value - 1e9, expected.mean().value, 2e-6);
  EXPECT_NEAR(moments.variance().value, expected.variance().value, 1e-5);
  EXPECT_NEAR(moments.excess_kurtosis(), expected.excess_kurtosis(), 1e-5);
}

TEST(Moments, StateTheErrorOfTheirMeanAndVariance) {
  // Of N normal numbers the variance's error is sqrt(2/(N - 1)); of exponential ones (kurtosis 9) sqrt(8/N).
  std::mt19937_64 generator(1);
  constexpr int kCount = 200'000;
  Moments normal;
  Moments exponential;
  std::normal_distribution<double> draw_normal(5, 3);
  std::exponential_distribution<double> draw_exponential(1);
  for (int i = 0; i < kCount; ++i) {
    normal.add(draw_normal(generator));
    exponential.add(draw_exponential(generator));
  }
  EXPECT_NEAR(normal.mean().std_error, 3 / std::sqrt(kCount), 0.01 * 3 / std::sqrt(kCount));
  EXPECT_NEAR(normal.variance().std_error / 9, std::sqrt(2.0 / kCount), 0.02 * std::sqrt(2.0 / kCount));
  EXPECT_NEAR(exponential.variance().std_error, std::sqrt(8.0 / kCount), 0.1 * std::sqrt(8.0 / kCount));
  EXPECT_NEAR(normal.mean().value, 5, 5 * normal.mean().std_error);
  EXPECT_NEAR(normal.variance().value, 9, 5 * normal.variance().std_error);
  EXPECT_NEAR(exponential.variance().value, 1, 5 * exponential.variance().std_error);
  EXPECT_NEAR(normal.excess_kurtosis(), 0, 5 * std::sqrt(24.0 / kCount));
  EXPECT_NEAR(exponential.excess_kurtosis(), 6, 1);
}

TEST(Moments, HaveTheSpreadThatTheyStateInSmallSamples) {
  // The stated error of the variance of 20 normal numbers, squared, is unbiased: on average 9^2 2/19.
  std::mt19937_64 generator(2);
  std::normal_distribution<double> draw(5, 3);
  Moments variances;
  Moments stated;
  for (int repetition = 0; repetition < 20'000; ++repetition) {
    Moments moments;
    for (int i = 0; i < 20; ++i) moments.add(draw(generator));
    variances.add(moments.variance().value);
    stated.add(std::pow(moments.variance().std_error, 2));
  }
  EXPECT_NEAR(variances.mean().value, 9, 5 * variances.mean().std_error);
  EXPECT_NEAR(variances.variance().value, 162.0 / 19, 5 * variances.variance().std_error);
  // The plug-in fourth moment makes it a little small at 20 numbers, not by more than a quarter.
  EXPECT_NEAR(stated.mean().value, 162.0 / 19, 0.25 * 162 / 19);
}

TEST(Moments, OfTooFewNumbersAreNotFinite) {
  EXPECT_FALSE(std::isfinite(Moments().mean().value));
  EXPECT_FALSE(std::isfinite(Moments().variance().value));
  EXPECT_FALSE(std::isfinite(Moments().excess_kurtosis()));
  const Moments one = moments_of(std::vector{2.5});
  EXPECT_EQ(one.mean().value, 2.5);
  EXPECT_FALSE(std::isfinite(one.mean().std_error));
  EXPECT_FALSE(std::isfinite(one.variance().value));
  const Moments two = moments_of(std::vector{2.0, 4.0});
  EXPECT_EQ(two.variance().value, 2);
  EXPECT_FALSE(std::isfinite(two.variance().std_error));
}

TEST(Moments, OfEqualNumbersHaveNoVariance) {
  const Moments moments = moments_of(std::vector<double>(1000, 0.1));
  EXPECT_EQ(moments.mean().value, 0.1);
  EXPECT_EQ(moments.variance().value, 0);
  EXPECT_EQ(moments.variance().std_error, 0);
}

}  // namespace
}  // namespace initlaw
