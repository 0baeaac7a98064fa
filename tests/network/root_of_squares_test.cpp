#include "network/root_of_squares.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace initlaw {
namespace {

// Correctly rounded. The sum of squares in one rounding, as some machines' std::hypot has it, and the plain root of
// squares are off by an ulp in these.
TEST(RootOfSquares, HasTheSameBitsEverywhere) {
  EXPECT_EQ(root_of_squares(1, 0.23), 0x1.06af16f316ef4p+0);
  EXPECT_EQ(root_of_squares(1, -0.4), 0x1.13b86ea20ae5cp+0);
  EXPECT_EQ(root_of_squares(0.35, 0.6), 0x1.63a5855b9eafap-1);
  EXPECT_EQ(root_of_squares(-0.8, 0.3), 0x1.b573f7449ba9fp-1);
}

TEST(RootOfSquares, KeepsItsRange) {
  EXPECT_EQ(root_of_squares(0, 0), 0);
  EXPECT_EQ(root_of_squares(0, -2), 2);
  EXPECT_EQ(root_of_squares(3e300, 4e300), 5e300);
  EXPECT_EQ(root_of_squares(0x3p-1074, 0x4p-1074), 0x5p-1074);
  EXPECT_EQ(root_of_squares(0x1p1023, 0x1p1023 * 1.75), std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace initlaw
