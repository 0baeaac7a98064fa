#include "network/memory.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

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
                  AllOf(HasSubstr("the samples"), HasSubstr("1e+12 GB"), HasSubstr("this machine has"))));
}

}  // namespace
}  // namespace initlaw
