#include "result/text.hpp"

#include <gmock/gmock.h>

namespace initlaw {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Text, SaysWhichLimitHolds) {
  const Network network = vanilla({.width = 100, .depth = 50, .outputs = 10});
  const Prediction prediction = predict(network, {});
  const Ensemble ensemble = simulate(network, {.samples = 30'000});
  const std::string text = to_text(prediction, ensemble, compare(ensemble, prediction));
  EXPECT_THAT(text, HasSubstr("The log-Gaussian limit holds: no probability is off by more than 0.01"));
  EXPECT_THAT(text, HasSubstr("The Gaussian limit fails: some probability is off by 0."));
  EXPECT_THAT(text,
              HasSubstr("Network   vanilla, width 100, depth 50, alpha 0.7071, lambda 0.7071, 1 inputs, 10 outputs\n"));
}

TEST(Text, ShowsTheExactLawWhereThereIsOne) {
  EXPECT_THAT(to_text(predict(fully_connected({.width = 20, .depth = 3}), {})), HasSubstr("exact"));
  EXPECT_THAT(to_text(predict(vanilla({.width = 20, .depth = 3}), {})), Not(HasSubstr("exact")));
}

TEST(Text, NamesWhatIsUnusualAboutANetwork) {
  const Network network =
      vanilla({.width = 20, .depth = 2, .alpha = std::vector{1.0, 0.5}, .leak = 0.1, .branch_depth = 2}).with_flip(0.2);
  const std::string text = to_text(predict(network, {}));
  for (const char* part : {"alpha by layer", "leak 0.1", "branch depth 2", "flip 0.2"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(Text, SaysThatASimulationWasStopped) {
  const Network network = vanilla({.width = 50, .depth = 20});
  const Ensemble stopped = simulate(network, {.samples = 1'000'000}, {}, [](std::uint64_t) { return false; });
  EXPECT_THAT(to_text(stopped), HasSubstr("(interrupted; 1000000 were asked for)"));
}

}  // namespace
}  // namespace initlaw
