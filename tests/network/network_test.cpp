#include "initlaw/network.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <limits>
#include <ostream>
#include <stdexcept>

#include "support/infinity.hpp"
#include "support/name_of.hpp"

namespace initlaw {
namespace {

using support::kInfinity;
using ::testing::AllOfArray;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kLargest = 1'000'000'000'000;

using Values = std::vector<double>;
using Counts = std::vector<std::size_t>;

TEST(FullyConnected, IsWhatItsOptionsSay) {
  const Network network =
      fully_connected({.width = Counts{3, 4, 5}, .depth = 2, .inputs = 6, .outputs = 7, .leak = 0.25});
  EXPECT_EQ(network.family(), Family::kFullyConnected);
  EXPECT_EQ(network.depth(), 2u);
  EXPECT_EQ(network.width(0), 3u);
  EXPECT_EQ(network.width(1), 4u);
  EXPECT_EQ(network.width(2), 5u);
  EXPECT_EQ(network.inputs(), 6u);
  EXPECT_EQ(network.outputs(), 7u);
  EXPECT_EQ(network.leak(), 0.25);
  EXPECT_EQ(network.alpha(1), 0);
  EXPECT_EQ(network.lambda(2), 1);
  EXPECT_EQ(network.flip(), 0);
  EXPECT_EQ(network.branch_depth(), 1u);
  EXPECT_TRUE(network.is_without_skip());
  EXPECT_FALSE(network.is_stationary());
}

TEST(Vanilla, IsWhatItsOptionsSay) {
  const Network network = vanilla({.width = 10,
                                   .depth = 3,
                                   .alpha = Values{0.5, 0.25, -1},
                                   .lambda = 2.0,
                                   .inputs = 4,
                                   .outputs = 5,
                                   .leak = -1,
                                   .branch_depth = 2});
  EXPECT_EQ(network.family(), Family::kVanilla);
  EXPECT_EQ(network.depth(), 3u);
  EXPECT_EQ(network.width(0), 10u);
  EXPECT_EQ(network.width(3), 10u);
  EXPECT_EQ(network.inputs(), 4u);
  EXPECT_EQ(network.outputs(), 5u);
  EXPECT_EQ(network.alpha(1), 0.5);
  EXPECT_EQ(network.alpha(2), 0.25);
  EXPECT_EQ(network.alpha(3), -1);
  EXPECT_EQ(network.lambda(1), 2);
  EXPECT_EQ(network.lambda(3), 2);
  EXPECT_EQ(network.leak(), -1);
  EXPECT_EQ(network.flip(), 0);
  EXPECT_EQ(network.branch_depth(), 2u);
  EXPECT_FALSE(network.is_without_skip());
  EXPECT_FALSE(network.is_stationary());
}

TEST(Vanilla, IsByDefaultThePapersStandardResNet) {
  const Network network = vanilla({.width = 10, .depth = 5});
  EXPECT_DOUBLE_EQ(network.alpha(1) * network.alpha(1), 0.5);
  EXPECT_DOUBLE_EQ(network.lambda(5) * network.lambda(5), 0.5);
  EXPECT_EQ(network.inputs(), 1u);
  EXPECT_EQ(network.outputs(), 1u);
  EXPECT_EQ(network.leak(), 0);
  EXPECT_EQ(network.branch_depth(), 1u);
  EXPECT_TRUE(network.is_stationary());
}

TEST(Balanced, IsAVanillaResNetWithFreshSigns) {
  const ResNetOptions options{
      .width = 10, .depth = 2, .alpha = 0.6, .lambda = Values{0.8, 0.7}, .inputs = 4, .outputs = 5, .leak = 0.1};
  const Network network = balanced(options);
  const Network same_but_for_signs = vanilla(options);
  EXPECT_EQ(network.family(), Family::kBalanced);
  EXPECT_EQ(network.flip(), 0.5);
  EXPECT_EQ(network.alphas(), same_but_for_signs.alphas());
  EXPECT_EQ(network.lambdas(), same_but_for_signs.lambdas());
  EXPECT_EQ(network.widths(), same_but_for_signs.widths());
  EXPECT_EQ(network.depth(), 2u);
  EXPECT_EQ(network.inputs(), 4u);
  EXPECT_EQ(network.outputs(), 5u);
  EXPECT_EQ(network.leak(), 0.1);
}

TEST(Stable, DividesTheResidualScaleByTheRootOfTheDepth) {
  const Network network = stable(
      {.width = 10, .depth = 16, .residual_scale = 3, .inputs = 4, .outputs = 5, .leak = 0.5, .branch_depth = 2});
  EXPECT_EQ(network.family(), Family::kStable);
  EXPECT_EQ(network.alpha(7), 1);
  EXPECT_EQ(network.lambda(7), 0.75);
  EXPECT_EQ(network.lambdas(), Schedule(3.0));
  EXPECT_EQ(network.inputs(), 4u);
  EXPECT_EQ(network.outputs(), 5u);
  EXPECT_EQ(network.leak(), 0.5);
  EXPECT_EQ(network.flip(), 0);
  EXPECT_EQ(network.branch_depth(), 2u);
  EXPECT_TRUE(network.is_stationary());
}

TEST(Network, AcceptsTheEndsOfEveryRange) {
  EXPECT_EQ(vanilla({.width = 1, .depth = 1}).depth(), 1u);
  EXPECT_EQ(vanilla({.width = kLargest, .depth = kLargest}).depth(), kLargest);
  EXPECT_EQ(vanilla({.width = 1, .depth = 1, .leak = 1}).asymmetry(), 0);
  EXPECT_EQ(vanilla({.width = 1, .depth = 1, .leak = -1}).asymmetry(), 0);
  EXPECT_EQ(vanilla({.width = 1, .depth = 1}).with_flip(1).flip(), 1);
  EXPECT_TRUE(vanilla({.width = 1, .depth = 2, .alpha = 0.0}).is_without_skip());
  EXPECT_FALSE(vanilla({.width = 1, .depth = 2, .alpha = Values{0, 1}}).is_without_skip());
  EXPECT_EQ(vanilla({.width = 1, .depth = 2, .lambda = 0.0}).lambda(2), 0);
  EXPECT_EQ(vanilla({.width = 1, .depth = 2, .alpha = Values{0, 1}, .lambda = Values{1, 0}}).alpha(1), 0);
}

TEST(Network, AsymmetryOfReluIsOne) {
  EXPECT_EQ(vanilla({.width = 1, .depth = 1}).asymmetry(), 1);
  EXPECT_DOUBLE_EQ(vanilla({.width = 1, .depth = 1, .leak = 0.5}).asymmetry(), 0.6);
}

TEST(Network, IsEqualIfAllFieldsAre) {
  const Network network = vanilla({.width = 10, .depth = 2, .alpha = Values{0.5, 0.25}});
  EXPECT_EQ(network, vanilla({.width = 10, .depth = 2, .alpha = Values{0.5, 0.25}}));
  EXPECT_NE(network, vanilla({.width = 11, .depth = 2, .alpha = Values{0.5, 0.25}}));
  EXPECT_NE(network, vanilla({.width = 10, .depth = 2, .alpha = Values{0.5, 0.26}}));
  EXPECT_NE(network, vanilla({.width = 10, .depth = 2, .alpha = Values{0.5, 0.25}, .lambda = 1.0}));
  EXPECT_NE(network, vanilla({.width = 10, .depth = 2, .alpha = Values{0.5, 0.25}, .branch_depth = 2}));
  EXPECT_NE(network, balanced({.width = 10, .depth = 2, .alpha = Values{0.5, 0.25}}));
  EXPECT_NE(vanilla({.width = 10, .depth = 2}), vanilla({.width = 10, .depth = 3}));
  EXPECT_NE(fully_connected({.width = Counts{3, 4}, .depth = 1}), fully_connected({.width = Counts{4, 3}, .depth = 1}));
}

TEST(Network, CopiesDifferInOnePropertyOnly) {
  const Network network = vanilla({.width = 10, .depth = 2});
  EXPECT_EQ(network.with_inputs(3), vanilla({.width = 10, .depth = 2, .inputs = 3}));
  EXPECT_EQ(network.with_outputs(3), vanilla({.width = 10, .depth = 2, .outputs = 3}));
  EXPECT_EQ(network.with_leak(0.5), vanilla({.width = 10, .depth = 2, .leak = 0.5}));
  EXPECT_EQ(network.with_flip(0.25).flip(), 0.25);
  EXPECT_EQ(network.with_flip(0.25).with_flip(0), network);
  EXPECT_EQ(network.with_flip(0.25).with_inputs(3), network.with_inputs(3).with_flip(0.25));
  EXPECT_DOUBLE_EQ(stable({.width = 10, .depth = 2}).with_flip(0.25).lambda(1), std::sqrt(0.5));
}

TEST(Network, AFamilyWithAFixedFlipAcceptsNoOther) {
  const Network signs_fixed = balanced({.width = 10, .depth = 2});
  EXPECT_EQ(signs_fixed.with_flip(0.5), signs_fixed);
  const Network no_signs = fully_connected({.width = 10, .depth = 2});
  EXPECT_EQ(no_signs.with_flip(0), no_signs);
}

TEST(Family, HasAName) {
  EXPECT_EQ(to_string(Family::kFullyConnected), "fully-connected");
  EXPECT_EQ(to_string(Family::kVanilla), "vanilla");
  EXPECT_EQ(to_string(Family::kBalanced), "balanced");
  EXPECT_EQ(to_string(Family::kStable), "stable");
}

/// A network that cannot be, and what the message must name.
struct WrongOptions {
  const char* name;
  std::function<Network()> make;
  std::vector<const char*> named;
};

std::ostream& operator<<(std::ostream& out, const WrongOptions& wrong) { return out << wrong.name; }

class WrongNetwork : public ::testing::TestWithParam<WrongOptions> {};

TEST_P(WrongNetwork, IsRefusedByFieldValueAndRange) {
  std::vector<::testing::Matcher<const std::string&>> parts;
  for (const char* named : GetParam().named) parts.emplace_back(HasSubstr(named));
  EXPECT_THAT(GetParam().make, ThrowsMessage<std::invalid_argument>(AllOfArray(parts)));
}

Network resnet(ResNetOptions options) { return vanilla(std::move(options)); }
Network small_vanilla() { return vanilla({.width = 10, .depth = 2}); }
Network small_balanced() { return balanced({.width = 10, .depth = 2}); }

INSTANTIATE_TEST_SUITE_P(
    Network, WrongNetwork,
    ::testing::Values(
        WrongOptions{"WidthZero", [] { return resnet({.width = 0, .depth = 2}); }, {"width", "0", "[1, 10^12]"}},
        WrongOptions{"WidthAbsurd",
                     [] { return resnet({.width = kLargest + 1, .depth = 2}); },
                     {"width", "1000000000001", "[1, 10^12]", "memory"}},
        WrongOptions{"WidthMinusOne",
                     [] { return resnet({.width = static_cast<std::size_t>(-1), .depth = 2}); },
                     {"width", "18446744073709551615", "[1, 10^12]"}},
        WrongOptions{"OneOfTheWidthsZero",
                     [] {
                       return fully_connected({.width = Counts{3, 0, 5}, .depth = 2});
                     },
                     {"width", "0", "[1, 10^12]"}},
        WrongOptions{"WidthsOneForEachLayerBut",
                     [] {
                       return fully_connected({.width = Counts{3, 4}, .depth = 2});
                     },
                     {"width", "has 2", "must have 3", "depth + 1"}},
        WrongOptions{"WidthsOneTooMany",
                     [] {
                       return fully_connected({.width = Counts{3, 4, 5, 6}, .depth = 2});
                     },
                     {"width", "has 4", "must have 3"}},
        WrongOptions{"NoWidths",
                     [] { return fully_connected({.width = Counts{}, .depth = 2}); },
                     {"width", "has 0", "must have 3"}},
        WrongOptions{"DepthZero", [] { return resnet({.width = 10, .depth = 0}); }, {"depth", "0", "[1, 10^12]"}},
        WrongOptions{"DepthAbsurd",
                     [] { return resnet({.width = 10, .depth = kLargest + 1}); },
                     {"depth", "1000000000001", "[1, 10^12]"}},
        WrongOptions{
            "DepthZeroOfStable", [] { return stable({.width = 10, .depth = 0}); }, {"depth", "0", "[1, 10^12]"}},
        WrongOptions{
            "InputsZero", [] { return resnet({.width = 10, .depth = 2, .inputs = 0}); }, {"inputs", "0", "[1, 10^12]"}},
        WrongOptions{"InputsAbsurd",
                     [] { return small_vanilla().with_inputs(kLargest + 1); },
                     {"inputs", "1000000000001", "[1, 10^12]"}},
        WrongOptions{"OutputsZero", [] { return small_vanilla().with_outputs(0); }, {"outputs", "0", "[1, 10^12]"}},
        WrongOptions{"OutputsAbsurd",
                     [] { return resnet({.width = 10, .depth = 2, .outputs = kLargest + 1}); },
                     {"outputs", "1000000000001", "[1, 10^12]"}},
        WrongOptions{"BranchDepthZero",
                     [] { return resnet({.width = 10, .depth = 2, .branch_depth = 0}); },
                     {"branch_depth", "0", "[1, 10^12]"}},
        WrongOptions{
            "AlphaNan", [] { return resnet({.width = 10, .depth = 2, .alpha = kNan}); }, {"alpha", "nan", "finite"}},
        WrongOptions{"AlphaInfinite",
                     [] { return resnet({.width = 10, .depth = 2, .alpha = -kInfinity}); },
                     {"alpha", "-inf", "finite"}},
        WrongOptions{"AlphaNanInOneLayer",
                     [] {
                       return resnet({.width = 10, .depth = 2, .alpha = Values{1, kNan}});
                     },
                     {"alpha", "nan", "layer 2", "finite"}},
        WrongOptions{
            "LambdaNan", [] { return resnet({.width = 10, .depth = 2, .lambda = kNan}); }, {"lambda", "nan", "finite"}},
        WrongOptions{"LambdaInfiniteInOneLayer",
                     [] {
                       return resnet({.width = 10, .depth = 2, .lambda = Values{kInfinity, 1}});
                     },
                     {"lambda", "inf", "layer 1", "finite"}},
        WrongOptions{"ResidualScaleNan",
                     [] { return stable({.width = 10, .depth = 2, .residual_scale = kNan}); },
                     {"lambda", "nan", "finite"}},
        WrongOptions{"AlphaAndLambdaZero",
                     [] { return resnet({.width = 10, .depth = 2, .alpha = 0.0, .lambda = 0.0}); },
                     {"lambda", "alpha = lambda = 0", "differ from 0"}},
        WrongOptions{"AlphaAndLambdaZeroInOneLayer",
                     [] {
                       return resnet({.width = 10, .depth = 2, .alpha = Values{1, 0}, .lambda = 0.0});
                     },
                     {"lambda", "alpha = lambda = 0", "layer 2"}},
        WrongOptions{"AlphaTooSmallForASkipPath",
                     [] {
                       return resnet({.width = 10, .depth = 2, .alpha = Values{1, 1e-200}, .lambda = 1.0});
                     },
                     {"alpha", "1e-200", "layer 2", "or 0"}},
        WrongOptions{"LeakTooSmall", [] { return small_vanilla().with_leak(-1e-170); }, {"leak", "-1e-170", "or 0"}},
        WrongOptions{"AlphaTooShort",
                     [] {
                       return resnet({.width = 10, .depth = 3, .alpha = Values{1, 1}});
                     },
                     {"alpha", "has 2", "must have 3"}},
        WrongOptions{"AlphaTooLong",
                     [] {
                       return resnet({.width = 10, .depth = 1, .alpha = Values{1, 1}});
                     },
                     {"alpha", "has 2", "must have 1"}},
        WrongOptions{"LambdaEmpty",
                     [] { return resnet({.width = 10, .depth = 3, .lambda = Values{}}); },
                     {"lambda", "has 0", "must have 3"}},
        WrongOptions{"LambdaTooShortOfBalanced",
                     [] { return balanced({.width = 10, .depth = 3, .lambda = Values{1}}); },
                     {"lambda", "has 1", "must have 3"}},
        WrongOptions{"LeakAboveOne", [] { return small_vanilla().with_leak(1.5); }, {"leak", "1.5", "[-1, 1]"}},
        WrongOptions{"LeakBelowMinusOne",
                     [] { return resnet({.width = 10, .depth = 2, .leak = -1.5}); },
                     {"leak", "-1.5", "[-1, 1]"}},
        WrongOptions{"LeakNan",
                     [] { return fully_connected({.width = 10, .depth = 2, .leak = kNan}); },
                     {"leak", "nan", "[-1, 1]"}},
        WrongOptions{"FlipAboveOne", [] { return small_vanilla().with_flip(1.5); }, {"flip", "1.5", "[0, 1]"}},
        WrongOptions{"FlipNegative", [] { return small_vanilla().with_flip(-0.5); }, {"flip", "-0.5", "[0, 1]"}},
        WrongOptions{"FlipNan", [] { return small_vanilla().with_flip(kNan); }, {"flip", "nan", "[0, 1]"}},
        WrongOptions{
            "FlipOfBalanced", [] { return small_balanced().with_flip(0.25); }, {"flip", "0.25", "balanced", "0.5"}},
        WrongOptions{"FlipOfFullyConnected",
                     [] { return fully_connected({.width = 10, .depth = 2}).with_flip(0.5); },
                     {"flip", "0.5", "fully-connected"}}),
    support::name_of);

}  // namespace
}  // namespace initlaw
