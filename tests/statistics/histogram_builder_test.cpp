#include "statistics/histogram_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace initlaw {
namespace {

TEST(HistogramBuilder, OfNothingMakesNothing) { EXPECT_FALSE(HistogramBuilder().histogram()); }

TEST(HistogramBuilder, OfOneNumberMakesAHistogramOfIt) {
  HistogramBuilder builder;
  builder.add(7);
  const auto histogram = builder.histogram();
  ASSERT_TRUE(histogram);
  EXPECT_EQ(histogram->count(), 1);
  EXPECT_NEAR(histogram->quantile(0.5).value, 7, 1e-4);
}

// The first two say nothing of where the others are.
TEST(HistogramBuilder, FindsTheRangeOfNumbersThatBeginAlike) {
  for (const std::size_t count : {3u, 500u, 999u, 1000u, 1001u, 5000u}) {
    HistogramBuilder builder;
    builder.add(0);
    builder.add(1e-9);
    for (std::size_t i = 2; i < count; ++i) builder.add(static_cast<double>(i % 97));
    const auto histogram = builder.histogram();
    ASSERT_TRUE(histogram);
    EXPECT_EQ(histogram->count(), count);
    EXPECT_EQ(histogram->bins().front(), 0);
    EXPECT_EQ(histogram->bins().back(), 0);
    EXPECT_NEAR(histogram->quantile(1).value, static_cast<double>(std::min<std::size_t>(count - 1, 96)), 1e-3);
  }
}

}  // namespace
}  // namespace initlaw
