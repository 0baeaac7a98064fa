#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "initlaw/statistics.hpp"

namespace initlaw {
namespace {

/// AntitheticSums of skewed numbers, far from 0 and of correlation about 0.6.
struct AntitheticSums {
  std::mt19937_64 generator{1};
  std::normal_distribution<double> normal;
  std::pair<double, double> operator()() {
    const double x = normal(generator);
    const double y = 0.6 * x + 0.8 * normal(generator);
    return {1e3 + std::exp(x / 2), -1e3 + y * std::abs(y)};
  }
};

double mean_of(const std::vector<double>& numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number;
  return sum / static_cast<double>(numbers.size());
}

TEST(JointMoments, AreThoseOfTheDefinition) {
  AntitheticSums draw;
  JointMoments moments;
  std::vector<double> xs, ys;
  for (int i = 0; i < 1000; ++i) {
    const auto [x, y] = draw();
    moments.add(x, y);
    xs.push_back(x);
    ys.push_back(y);
  }
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const double dx = xs[i] - mean_of(xs), dy = ys[i] - mean_of(ys);
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  EXPECT_NEAR(moments.covariance().value, xy / 999, 1e-10);
  EXPECT_NEAR(moments.correlation().value, xy / std::sqrt(xx * yy), 1e-12);
}

// The errors are those by which estimates from independent samples scatter. Null hypothesis: the ratio of the two is 1,
// tested to 4.5 of its standard errors, 1/sqrt(2 * 2000).
TEST(JointMoments, KnowTheirErrors) {
  AntitheticSums draw;
  Moments correlations, covariances, correlation_errors, covariance_errors;
  for (int repetition = 0; repetition < 2000; ++repetition) {
    JointMoments moments;
    for (int i = 0; i < 2000; ++i) {
      const auto [x, y] = draw();
      moments.add(x, y);
    }
    correlations.add(moments.correlation().value);
    covariances.add(moments.covariance().value);
    correlation_errors.add(moments.correlation().std_error);
    covariance_errors.add(moments.covariance().std_error);
  }
  const double resolution = 4.5 / std::sqrt(4000.0);
  EXPECT_NEAR(std::sqrt(correlations.variance().value) / correlation_errors.mean().value, 1, resolution);
  EXPECT_NEAR(std::sqrt(covariances.variance().value) / covariance_errors.mean().value, 1, resolution);
}

TEST(JointMoments, MergeAsIfAddedOneByOne) {
  AntitheticSums draw;
  JointMoments all, first, second;
  for (int i = 0; i < 300; ++i) {
    const auto [x, y] = draw();
    all.add(x, y);
    (i < 100 ? first : second).add(x, y);
  }
  JointMoments merged;
  merged.merge(first);
  merged.merge(second);
  merged.merge(JointMoments());
  EXPECT_EQ(merged.count(), 300);
  EXPECT_NEAR(merged.correlation().value, all.correlation().value, 1e-12);
  EXPECT_NEAR(merged.correlation().std_error, all.correlation().std_error, 1e-10);
  EXPECT_NEAR(merged.covariance().value, all.covariance().value, 1e-10);
}

TEST(JointMoments, OfTooFewPairsAreNotFinite) {
  JointMoments moments;
  EXPECT_TRUE(std::isnan(moments.correlation().value));
  moments.add(1, 2);
  EXPECT_TRUE(std::isnan(moments.covariance().value));
}

}  // namespace
}  // namespace initlaw
