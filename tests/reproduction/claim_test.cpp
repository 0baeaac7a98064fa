#include "reproduction/claim.hpp"

#include <gmock/gmock.h>

#include "reproduction/run.hpp"

namespace initlaw {
namespace {

TEST(Check, HoldsOnItsSideOfTheThreshold) {
  EXPECT_TRUE(is_zero("", {0.44, 0.1}).holds);
  EXPECT_FALSE(is_zero("", {-0.46, 0.1}).holds);
  EXPECT_TRUE(is_positive("", {0.46, 0.1}).holds);
  EXPECT_FALSE(is_positive("", {0.44, 0.1}).holds);
  EXPECT_FALSE(is_positive("", {-0.46, 0.1}).holds);
  EXPECT_TRUE(is_below("", {1.44, 0.1}, 1).holds);
  EXPECT_FALSE(is_below("", {1.46, 0.1}, 1).holds);
  EXPECT_TRUE(is_distance_of_samples("", 0.024, 10'000).holds);
  EXPECT_FALSE(is_distance_of_samples("", 0.026, 10'000).holds);
}

TEST(Check, OfWhatCannotBeMeasuredDoesNotHold) {
  EXPECT_FALSE(is_zero("", {NAN, 1}).holds);
  EXPECT_FALSE(is_zero("", {1, NAN}).holds);
  EXPECT_FALSE(is_positive("", {1, NAN}).holds);
  EXPECT_FALSE(is_below("", {NAN, 1}, 1).holds);
  EXPECT_FALSE(is_distance_of_samples("", NAN, 10).holds);
}

TEST(Result, HoldsIfAllChecksDo) {
  Result result{};
  result.findings.checks = {is_zero("", {0, 1}), is_zero("", {0, 1})};
  EXPECT_TRUE(result.holds());
  result.findings.checks.push_back(is_zero("", {5, 1}));
  EXPECT_FALSE(result.holds());
}

}  // namespace
}  // namespace initlaw
