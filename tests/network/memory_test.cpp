#include "network/memory.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <algorithm>
#include <stdexcept>

#include "support/sanitized.hpp"

namespace initlaw {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(RequireMemory, GrantsWhatTheMachineHas) {
  EXPECT_NO_THROW(require_memory("nothing", 0));
  EXPECT_NO_THROW(require_memory("a page", 4096));
}

TEST(RequireMemory, RefusesWhatNoMachineHasAndSaysHowMuchItWouldTake) {
  EXPECT_THAT([] { require_memory("the samples", 1e21); },
              ThrowsMessage<std::invalid_argument>(
                  AllOf(HasSubstr("the samples"), HasSubstr("1e+12 GB"), HasSubstr("there are"))));
}

// Amounts that are the same to three digits differ all the same.
TEST(RequireMemory, SaysHowMuchIsTooMuch) {
  if (support::kSanitized) GTEST_SKIP();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  const rlimit lowered{.rlim_cur = std::min<rlim_t>(before.rlim_max, 1'000'000'000), .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_AS, &lowered), 0);
  EXPECT_THAT([] { require_memory("the samples", 1.0001e9); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("1 GB of memory, 0.0001 GB more than there are")));
  setrlimit(RLIMIT_AS, &before);
}

TEST(RequireMemory, RefusesWhatTheProcessMayNotHave) {
  if (support::kSanitized) GTEST_SKIP();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  const rlimit lowered{.rlim_cur = std::min<rlim_t>(before.rlim_max, 1'000'000'000), .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_AS, &lowered), 0);
  EXPECT_THROW(require_memory("the samples", 1.001e9), std::invalid_argument);
  EXPECT_NO_THROW(require_memory("a page", 4096));
  setrlimit(RLIMIT_AS, &before);
}

}  // namespace
}  // namespace initlaw
