#include "initlaw/design.hpp"

#include <gmock/gmock.h>

#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <stdexcept>

#include "design/quantity.hpp"
#include "initlaw/gradient_limit.hpp"
#include "initlaw/limit.hpp"

namespace initlaw {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::ThrowsMessage;

Network standard(std::size_t width, std::size_t depth, std::size_t outputs = 1) {
  return vanilla({.width = width, .depth = depth, .outputs = outputs});
}

double variance_of_log_chi_square(std::size_t k) { return boost::math::trigamma(static_cast<double>(k) / 2); }

/// Whether the network with another value meets the design's target.
bool meets(const Design& design, const Network& network) {
  return design.meets(predicted_quantity(network, design.input, design.target).value);
}

TEST(Design, FindsTheSmallestWidth) {
  for (const std::size_t depth : {1, 20}) {
    for (const Target& target : {Target::variance(0.3), Target::quantile_ratio(33), Target::underflow(1e-3, 1e-3),
                                 Target::overflow(20, 1e-9), Target::ks_to_gaussian(0.2)}) {
      const Design found = design(standard(7, depth, 1000), Parameter::kWidth, target, {}, {1, 1e5});
      ASSERT_TRUE(found.found) << to_string(target.quantity());
      const auto width = static_cast<std::size_t>(found.found->value);
      EXPECT_EQ(found.network, standard(width, depth, 1000));
      EXPECT_TRUE(meets(found, standard(width, depth, 1000)));
      if (width > 1) {
        EXPECT_FALSE(meets(found, standard(width - 1, depth, 1000)));
      }
      EXPECT_EQ(found.met.back(), (Range{static_cast<double>(width), 1e5}));
    }
  }
}

TEST(Design, FindsTheLargestDepth) {
  for (const std::size_t width : {12, 100}) {
    const Design found = design(standard(width, 1), Parameter::kDepth, Target::variance(7), {}, {1, 500});
    ASSERT_TRUE(found.found);
    const auto depth = static_cast<std::size_t>(found.found->value);
    EXPECT_TRUE(meets(found, standard(width, depth)));
    EXPECT_FALSE(meets(found, standard(width, depth + 1)));
    EXPECT_THAT(found.met, ElementsAre(Range{1, static_cast<double>(depth)}));
  }
}

TEST(Design, FindsScalesToSixDigits) {
  const auto scaled = [](double alpha, double lambda) {
    return vanilla({.width = 64, .depth = 30, .alpha = alpha, .lambda = lambda});
  };
  const Design lambda = design(scaled(1, 1), Parameter::kLambda, Target::overflow(kStandardScale, 0.9));
  ASSERT_TRUE(lambda.found);
  EXPECT_TRUE(meets(lambda, scaled(1, lambda.found->value)));
  EXPECT_FALSE(meets(lambda, scaled(1, lambda.found->value * (1 + 1e-5))));
  const Design alpha = design(scaled(1, 0.5), Parameter::kAlpha, Target::variance(5.5));
  ASSERT_TRUE(alpha.found);
  EXPECT_TRUE(meets(alpha, scaled(alpha.found->value, 0.5)));
  EXPECT_FALSE(meets(alpha, scaled(alpha.found->value * (1 - 1e-5), 0.5)));
}

// H0: the scale does not depend on where it was looked for.
TEST(Design, FindsScalesInRangesOfAnySize) {
  const Network network = vanilla({.width = 64, .depth = 5});
  const Target target = Target::overflow(10, 0.01);
  const double usual = design(network, Parameter::kAlpha, target).found->value;
  for (const Range& range : {Range{0, 1e3}, Range{1e-4, 1e300}, Range{1e-140, 1e10}}) {
    const Design found = design(network, Parameter::kAlpha, target, {}, range);
    ASSERT_TRUE(found.found) << range.to;
    EXPECT_NEAR(found.found->value, usual, 1e-5 * usual) << range.to;
  }
  const Target gradient = Target::variance(0.1).of_gradient(OutputDirection::kRandom);
  const double lambda = design(network, Parameter::kLambda, gradient, {}, {1e-4, 1}).found->value;
  EXPECT_NEAR(design(network, Parameter::kLambda, gradient, {}, {1e-145, 1}).found->value, lambda, 1e-5 * lambda);
}

// A design from the figures of closed forms: of FC nets V = 5d/n + 2/n and the exact law's own variance are close.
TEST(Design, AgreesWithClosedForms) {
  const Network network = fully_connected({.width = 1, .depth = 50, .outputs = 10});
  const Design found = design(network, Parameter::kWidth, Target::variance(0.01 + variance_of_log_chi_square(10)));
  ASSERT_TRUE(found.found);
  EXPECT_NEAR(found.found->value, 252 / 0.01, 0.002 * 252 / 0.01);
  EXPECT_EQ(found.found->law, "exact");
  // An overlap of two Gaussian laws: with lambda = 0 all is known but the input layer.
  const Network identity = vanilla({.width = 50, .depth = 3, .alpha = 2, .lambda = 0});
  const Design of_alpha = design(identity, Parameter::kAlpha, Target::overflow(100, 0.5));
  ASSERT_TRUE(of_alpha.found);
  const double median = std::sqrt(std::exp(infinite_depth_and_width(identity).output().log_square().quantile(0.5))) / 8;
  EXPECT_NEAR(of_alpha.found->value, std::cbrt(100 / median), 0.01);
}

TEST(Design, FindsBothEndsWhereAQuantityIsNotMonotone) {
  // Narrow networks are too small to overflow, wide ones too regular.
  const Network growing = vanilla({.width = 1, .depth = 60, .alpha = 1, .lambda = 0.6});
  const double usual = std::exp(infinite_width(growing).log_second_moment() / 2);
  const Design found = design(growing, Parameter::kWidth, Target::overflow(1.5 * usual, 0.12), {}, {1, 4096});
  ASSERT_TRUE(found.found);
  ASSERT_THAT(found.met, SizeIs(1));
  EXPECT_EQ(found.met[0].from, 1);
  EXPECT_EQ(found.found->value, found.met[0].to);
  EXPECT_GT(found.at_infinite_width, 0.12);
  // Underflow: shallow networks of small inputs, which the layers enlarge.
  const Network small = vanilla({.width = 200, .depth = 1, .alpha = 1, .lambda = 0.5});
  const Design deep = design(small, Parameter::kDepth, Target::underflow(1e-2, 1e-3), Input({0.01}), {1, 1000});
  ASSERT_TRUE(deep.found);
  EXPECT_GT(deep.met[0].from, 1);
  EXPECT_EQ(deep.met[0].to, 1000);
  EXPECT_EQ(deep.found->value, deep.met[0].from);
}

TEST(Design, SaysWhatIsImpossible) {
  const Design floor = design(standard(1, 10), Parameter::kWidth, Target::variance(4.9));
  EXPECT_FALSE(floor.found);
  EXPECT_THAT(floor.met, IsEmpty());
  EXPECT_NEAR(floor.at_infinite_width, variance_of_log_chi_square(1), 1e-12);
  EXPECT_GT(floor.points.back().quantity, 4.9);
  const Design narrow = design(standard(4, 50), Parameter::kDepth, Target::variance(5.2), {}, {1, 100});
  EXPECT_FALSE(narrow.found);
  EXPECT_LT(narrow.at_infinite_width, 5.2);
  EXPECT_EQ(narrow.points.front().value, 1);
}

TEST(Design, LooksNoFurtherThanItIsAskedTo) {
  const Target target = Target::variance(8);
  const Design all = design(standard(100, 1), Parameter::kDepth, target, {}, {3, 20});
  ASSERT_TRUE(all.found);
  EXPECT_EQ(all.found->value, 20);
  EXPECT_THAT(all.met, ElementsAre(Range{3, 20}));
  EXPECT_FALSE(design(standard(100, 1), Parameter::kDepth, target, {}, {100, 200}).found);
  const Design one = design(standard(100, 1), Parameter::kDepth, target, {}, {7, 7});
  EXPECT_THAT(one.points, SizeIs(1));
  EXPECT_EQ(one.found->value, 7);
  const Design zero = design(standard(100, 50), Parameter::kLambda, target, {}, {0, 1});
  EXPECT_EQ(zero.met[0].from, 0);
}

TEST(Design, ReachesCornersOfSize) {
  const Design deep = design(standard(1, 100'000), Parameter::kWidth, Target::variance(9), {}, {100'000, 200'000});
  ASSERT_TRUE(deep.found);
  EXPECT_NEAR(deep.found->value, 5.442478 * 100'000 / (9 - variance_of_log_chi_square(1)), 200);
  const Design wide = design(standard(1, 1, 1000), Parameter::kWidth, Target::variance(1e-2));
  ASSERT_TRUE(wide.found);
  const Design narrowest = design(standard(1, 1), Parameter::kDepth, Target::variance(1e4), {}, {1, 100});
  EXPECT_TRUE(narrowest.found);
  EXPECT_FALSE(narrowest.found->law_error);
}

TEST(Design, FindsTheResidualScaleOfAStableNetwork) {
  const Design found =
      design(stable({.width = 100, .depth = 200, .outputs = 10}), Parameter::kLambda, Target::ks_to_gaussian(0.1));
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.network, stable({.width = 100, .depth = 200, .residual_scale = found.found->value, .outputs = 10}));
}

TEST(Design, KnowsSchedulesOfWhatItDoesNotLookFor) {
  const Network network = vanilla({.width = 1, .depth = 3, .alpha = std::vector{1.0, 0.8, 0.6}, .outputs = 100});
  const Design found = design(network, Parameter::kWidth, Target::variance(0.1));
  ASSERT_TRUE(found.found);
  EXPECT_EQ(found.network.alphas(), network.alphas());
}

TEST(Design, OfAGradientMeetsItsOwnLaw) {
  const Target target = Target::variance(0.5).of_gradient(OutputDirection::kOrthogonal);
  const Design found = design(standard(1, 20), Parameter::kWidth, target, {}, {100, 200});
  ASSERT_TRUE(found.found);
  const auto width = static_cast<std::size_t>(found.found->value);
  EXPECT_LE(gradient_limit(standard(width, 20)).orthogonal.variance(), 0.5);
  EXPECT_GT(gradient_limit(standard(width - 1, 20)).orthogonal.variance(), 0.5);
  EXPECT_EQ(found.at_infinite_width, 0);
  const Target shrinking = Target::underflow(0.5, 0.2).of_gradient(OutputDirection::kOrthogonal);
  const Network halving = vanilla({.width = 64, .depth = 4, .alpha = 0.5, .lambda = 0});
  EXPECT_EQ(predicted_quantity(halving, {}, shrinking).value, 1);
}

TEST(Design, KnowsNetworksOfEveryArchitecture) {
  const Network normalized = vanilla({.width = 1,
                                      .depth = 20,
                                      .alpha = 1,
                                      .lambda = 0.5,
                                      .outputs = 1000,
                                      .architecture = {.norm = Normalization::kPre, .activation = Activation::kGelu}});
  const Design width = design(normalized, Parameter::kWidth, Target::variance(0.05));
  ASSERT_TRUE(width.found);
  EXPECT_EQ(width.found->accuracy, LawAccuracy::kFirstOrder);
  EXPECT_EQ(width.network.architecture(), normalized.architecture());
  EXPECT_TRUE(meets(width, width.network));
  EXPECT_EQ(default_range(normalized, Parameter::kDepth).to, 1000);
  const Network final = normalized.with_architecture({.norm = Normalization::kFinal});
  const Design exact = design(final, Parameter::kWidth, Target::ks_to_gaussian(0.01), {}, {1, 10});
  EXPECT_EQ(exact.found->law, "gaussian");
  EXPECT_EQ(exact.found->value, 1);
}

TEST(Design, RefusesARiskThatAnExactLawDoesNotResolve) {
  const Network network = fully_connected({.width = 100, .depth = 20});
  EXPECT_TRUE(design(network, Parameter::kWidth, Target::overflow(10, 1e-14), {}, {1, 10'000}).found);
  for (const Target& target : {Target::overflow(10, 9e-15), Target::underflow(1e-9, 9e-15)}) {
    EXPECT_THROW(design(network, Parameter::kWidth, target, {}, {1, 10'000}), std::invalid_argument);
  }
  EXPECT_TRUE(design(vanilla({.width = 100, .depth = 20}), Parameter::kWidth, Target::overflow(10, 9e-15)).found);
}

TEST(Design, RefusesWhatCannotBeFound) {
  const auto expect_refused = [](const Network& network, Parameter parameter, const char* message,
                                 std::optional<Range> range = {}) {
    const auto find = [&] {
      design(network, parameter, Target::variance(6), {}, range.value_or(default_range(network, parameter)));
    };
    EXPECT_THAT(find, ThrowsMessage<std::invalid_argument>(HasSubstr(message))) << message;
  };
  const Network chain = fully_connected({.width = 10, .depth = 3});
  const Network scheduled = vanilla({.width = 9, .depth = 2, .alpha = std::vector{1.0, 0.5}});
  expect_refused(chain, Parameter::kLambda, "lambda: cannot be found: a fully-connected network");
  expect_refused(chain, Parameter::kAlpha, "alpha: cannot be found: a fully-connected network");
  expect_refused(stable({.width = 9, .depth = 3}), Parameter::kAlpha, "alpha: cannot be found: a stable network");
  expect_refused(scheduled, Parameter::kAlpha, "alpha: cannot be found: the network has a list");
  expect_refused(scheduled, Parameter::kDepth, "depth: cannot be found: the network has a list");
  expect_refused(fully_connected({.width = std::vector<std::size_t>{3, 4}, .depth = 1}), Parameter::kWidth,
                 "width: cannot be found");
  for (const Range& wrong : {Range{0, 10}, {5, 4}, {1.5, 3}, {1, NAN}, {-3, 4}, {1, INFINITY}}) {
    expect_refused(standard(9, 3), Parameter::kWidth, "range: ", wrong);
  }
  expect_refused(standard(9, 3), Parameter::kLambda, "range: ", Range{-1, 4});
  expect_refused(vanilla({.width = 9, .depth = 3, .alpha = 0}), Parameter::kLambda, "lambda: ", Range{0, 4});
}

}  // namespace
}  // namespace initlaw
