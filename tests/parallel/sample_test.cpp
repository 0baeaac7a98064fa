#include "parallel/sample.hpp"

#include <gtest/gtest.h>

namespace initlaw {
namespace {

TEST(ChunksATask, AreAPowerOfTwoAndGiveEachMemberSome) {
  EXPECT_EQ(chunks_a_task(0, 4), 1);
  EXPECT_EQ(chunks_a_task(79, 4), 1);
  EXPECT_EQ(chunks_a_task(80, 4), 2);
  EXPECT_EQ(chunks_a_task(1'000'000, 4), 16384);
}

}  // namespace
}  // namespace initlaw
