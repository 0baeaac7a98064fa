#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "initlaw/statistics.hpp"
#include "support/infinity.hpp"

namespace initlaw {
namespace {

using support::kInfinity;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Histogram, PutsNumbersIntoEqualBins) {
  const Histogram empty(-2, 6);
  const double width = 8.0 / Histogram::kBins;
  EXPECT_EQ(empty.low_edge(0), -2);
  EXPECT_DOUBLE_EQ(empty.low_edge(Histogram::kBins), 6);
  EXPECT_TRUE(empty.counts().empty());
  for (const std::size_t bin : {std::size_t{0}, std::size_t{1}, std::size_t{177'777}, Histogram::kBins - 1}) {
    Histogram histogram = empty;
    histogram.add(empty.low_edge(bin) + 0.5 * width);
    EXPECT_EQ(histogram.first_bin(), bin);
    EXPECT_THAT(histogram.counts(), testing::ElementsAre(1));
  }
}

TEST(Histogram, GrowsToEitherSide) {
  Histogram histogram(0, 1);
  std::map<std::size_t, std::uint64_t> expected;
  for (const double x : {0.5, 0.4999, 0.7, 0.1, 0.1, 0.9, 0.0, 0.5}) {
    histogram.add(x);
    ++expected[histogram.bin_of(x)];
  }
  for (std::size_t i = 0; i < histogram.counts().size(); ++i) {
    const auto found = expected.find(histogram.first_bin() + i);
    EXPECT_EQ(histogram.counts()[i], found == expected.end() ? 0 : found->second) << i;
  }
}

TEST(Histogram, MergesInAnyOrder) {
  const std::vector<double> numbers[] = {{0.5, 0.51}, {}, {0.1}, {0.9, 0.2, 2.0}};
  Histogram all(0, 1), forward(0, 1), backward(0, 1);
  std::vector<Histogram> parts;
  for (const auto& some : numbers) {
    parts.emplace_back(0, 1);
    for (const double x : some) {
      all.add(x);
      parts.back().add(x);
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    forward.merge(parts[i]);
    backward.merge(parts[parts.size() - 1 - i]);
  }
  for (const Histogram& merged : {forward, backward}) {
    EXPECT_EQ(merged.count(), 6);
    EXPECT_EQ(merged.first_bin(), all.first_bin());
    EXPECT_THAT(merged.counts(), testing::ElementsAreArray(all.counts()));
    EXPECT_EQ(merged.smallest(), 0.1);
    EXPECT_EQ(merged.largest(), 2.0);
  }
  EXPECT_THROW(all.merge(Histogram(0, 2)), std::invalid_argument);
}

TEST(Histogram, CountsWhatLiesOutsideAtTheBounds) {
  Histogram histogram(0, 1);
  for (const double x : {-0.001, -1e300, 1.0, 1.5, 1e300}) histogram.add(x);
  EXPECT_EQ(histogram.counts().front(), 2);
  EXPECT_EQ(histogram.counts().back(), 3);
  EXPECT_EQ(histogram.counts().size(), Histogram::kBins);
  EXPECT_EQ(histogram.count(), 5);
}

TEST(Histogram, CountsInfinitiesAtTheBounds) {
  Histogram histogram(0, 1);
  histogram.add(kInfinity);
  histogram.add(-kInfinity);
  EXPECT_EQ(histogram.counts().front(), 1);
  EXPECT_EQ(histogram.counts().back(), 1);
}

TEST(Histogram, RemembersTheExtremes) {
  Histogram histogram(0, 1);
  EXPECT_FALSE(std::isfinite(histogram.smallest()));
  EXPECT_FALSE(std::isfinite(histogram.largest()));
  for (const double x : {0.5, 0.125, 0.75}) histogram.add(x);
  EXPECT_EQ(histogram.smallest(), 0.125);
  EXPECT_EQ(histogram.largest(), 0.75);
}

TEST(Histogram, HasQuantilesToOneBin) {
  Histogram histogram(-1, 2);
  const double bin = 3.0 / Histogram::kBins;
  constexpr int kCount = 1001;
  for (int i = 0; i < kCount; ++i) histogram.add(i / 1000.0);
  for (const double p : {0.0, 0.1, 0.25, 0.5, 0.9, 1.0}) {
    // The order statistic whose share of the numbers first reaches p.
    const double expected = std::max(0.0, std::ceil(p * kCount - 1e-9) - 1) / 1000;
    EXPECT_NEAR(histogram.quantile(p).value, expected, bin) << p;
  }
}

TEST(Histogram, HasQuantilesThatStayWithinTheNumbers) {
  Histogram histogram(0, 1);
  histogram.add(0.3);
  for (const double p : {0.0, 0.5, 1.0}) EXPECT_EQ(histogram.quantile(p).value, 0.3) << p;
}

TEST(Histogram, StatesTheErrorOfAQuantile) {
  // Of N uniform numbers: sqrt(p (1 - p)/N).
  Histogram histogram(0, 1);
  constexpr int kCount = 100'000;
  for (int i = 0; i < kCount; ++i) histogram.add((i + 0.5) / kCount);
  for (const double p : {0.01, 0.5, 0.9}) {
    const double expected = std::sqrt(p * (1 - p) / kCount);
    EXPECT_NEAR(histogram.quantile(p).std_error, expected, 0.02 * expected) << p;
  }
}

TEST(Histogram, OfNothingHasNoQuantile) {
  EXPECT_FALSE(std::isfinite(Histogram(0, 1).quantile(0.5).value));
  EXPECT_FALSE(std::isfinite(Histogram(0, 1).quantile(0.5).std_error));
}

TEST(Histogram, HasNoQuantileOfWhatIsNoProbability) {
  Histogram histogram(0, 1);
  for (int filled = 0; filled < 2; ++filled) {
    for (const double p : {-0.001, 1.001, 2.0, -kInfinity, kInfinity, kNaN}) {
      EXPECT_THROW(histogram.quantile(p), std::invalid_argument) << p;
      EXPECT_THROW(histogram.quantiles(std::vector{0.5, p}), std::invalid_argument) << p;
    }
    EXPECT_NO_THROW(histogram.quantiles(std::vector{0.0, 0.5, 1.0}));
    histogram.add(0.5);
  }
}

TEST(Histogram, RefusesWhatIsNoNumberAndStaysAsItWas) {
  for (const std::vector<double>& numbers : {std::vector{kNaN}, {kNaN, 0.9}, {0.1, kNaN}, {0.1, kNaN, 0.9}}) {
    Histogram histogram(0, 1);
    histogram.add(0.5);
    EXPECT_THROW(histogram.add(numbers), std::invalid_argument);
    EXPECT_EQ(histogram.count(), 1);
    EXPECT_THAT(histogram.counts(), testing::ElementsAre(1));
    EXPECT_EQ(histogram.smallest(), 0.5);
    EXPECT_EQ(histogram.largest(), 0.5);
  }
}

TEST(Histogram, RefusesBoundsThatAreNoRange) {
  const std::pair<double, double> bad[] = {{1, 1}, {2, 1}, {kNaN, 1}, {0, kNaN}, {-kInfinity, 0}, {0, kInfinity}};
  for (const auto& [low, high] : bad) {
    EXPECT_THROW(Histogram(low, high), std::invalid_argument) << low << " " << high;
  }
  EXPECT_THAT(
      [] { Histogram(2, 1); },
      testing::Throws<std::invalid_argument>(testing::Property(
          &std::exception::what, testing::AllOf(testing::HasSubstr("histogram"), testing::HasSubstr("[2, 1]")))));
}

}  // namespace
}  // namespace initlaw
