#include "statistics/density.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

namespace initlaw {
namespace {

using ::testing::DoubleNear;

TEST(Density, CountsBetweenEdges) {
  Histogram histogram(0, 1);
  for (int i = 0; i < 1000; ++i) histogram.add((i + 0.5) / 1000);
  const std::vector<double> edges{-1, 0.25, 0.5, 0.75, 0.75, 2, 3};
  const auto densities = density(histogram, edges);
  ASSERT_EQ(densities.size(), edges.size() - 1);
  EXPECT_THAT(densities[0].value, DoubleNear(0.25 / 1.25, 1e-12));
  EXPECT_THAT(densities[1].value, DoubleNear(1, 1e-12));
  EXPECT_THAT(densities[1].std_error, DoubleNear(std::sqrt(250 * 0.75) / 250, 1e-12));
  EXPECT_THAT(densities[4].value, DoubleNear(0.25 / 1.25, 1e-12));
  EXPECT_EQ(densities[5].value, 0);
  EXPECT_EQ(densities[5].std_error, 0);
}

}  // namespace
}  // namespace initlaw
