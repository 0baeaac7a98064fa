#include "comparison/joint_comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "initlaw/limit.hpp"

namespace initlaw {
namespace {

using Inputs = std::vector<std::vector<double>>;

JointComparison compared(const Inputs& inputs) {
  const Network network = vanilla({.width = 4, .depth = 3, .inputs = 2});
  return compare(simulate_jointly(network, JointOptions{.samples = 10}, inputs));
}

TEST(JointComparison, SeesTheAnglesOfInputsOfAnyLength) {
  const Inputs plain = {{1, 2}, {1.1, 3}, {-1, -2}};
  const auto expected = compared(plain).infinite_width;
  const double tiny = std::numeric_limits<double>::denorm_min();
  for (const auto& [first, second] : {std::pair(1e155, 1e155), std::pair(1e-163, 1e155), std::pair(5e307, 1e-300)}) {
    Inputs scaled = plain;
    for (double& component : scaled[0]) component *= first;
    for (double& component : scaled[1]) component *= second;
    const auto found = compared(scaled).infinite_width;
    for (std::size_t pair = 0; pair < 3; ++pair) {
      ASSERT_EQ(found[pair].size(), 4) << first;
      for (std::size_t l = 0; l <= 3; ++l) EXPECT_NEAR(found[pair][l], expected[pair][l], 1e-12) << first;
    }
  }
  EXPECT_NEAR(compared({{tiny, 0}, {tiny, tiny}}).infinite_width[0][0], std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(expected[0][0], 7.1 / std::sqrt(5 * 10.21), 1e-12);
  EXPECT_NEAR(expected[1][0], -1, 1e-12);
}

TEST(JointComparison, HasNothingToSayOfAnInputThatIsZero) {
  EXPECT_TRUE(compared({{0, 0}, {1, 1}}).infinite_width[0].empty());
}

}  // namespace
}  // namespace initlaw
