#include "result/command_options.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace initlaw {
namespace {

TEST(CommandOptions, LeaveOutWhatChangesNothing) {
  EXPECT_EQ(command_options(vanilla({.width = 100, .depth = 50})), "--family vanilla --width 100 --depth 50");
  EXPECT_EQ(command_options(balanced({.width = 8, .depth = 3, .alpha = 1, .outputs = 10})),
            "--family balanced --width 8 --depth 3 --outputs 10 --alpha 1.0");
  EXPECT_EQ(command_options(stable({.width = 8, .depth = 3}).with_flip(0.25)),
            "--family stable --width 8 --depth 3 --flip 0.25");
  EXPECT_EQ(
      command_options(vanilla({.width = 8,
                               .depth = 3,
                               .architecture = {.branch = Branch::kLinearFirst,
                                                .branch_width = 16,
                                                .norm = Normalization::kPre,
                                                .activation = Activation::kGelu}})),
      "--family vanilla --width 8 --depth 3 --branch linear-first --branch-width 16 --norm pre --activation gelu");
}

TEST(CommandOptions, NameTheFileOfWhatOptionsCannotSay) {
  EXPECT_EQ(command_options(vanilla({.width = 8, .depth = 2, .alpha = std::vector<double>{1, 0.5}})),
            "--network net.toml");
}

}  // namespace
}  // namespace initlaw
