#include "initlaw/input.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace initlaw {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

using Values = std::vector<double>;

Network with_inputs(std::size_t inputs) { return vanilla({.width = 10, .depth = 2, .inputs = inputs}); }

TEST(DefaultInput, HasNormOneWhateverTheNetworksInputs) {
  for (const std::size_t inputs : {1, 2, 64, 1000}) {
    const Values values = Input().values(with_inputs(inputs));
    ASSERT_EQ(values.size(), inputs);
    double norm2 = 0;
    for (const double value : values) norm2 += value * value;
    EXPECT_NEAR(norm2, 1, 1e-13) << inputs;
    EXPECT_NEAR(Input().log_mean_square(with_inputs(inputs)), -std::log(inputs), 1e-15) << inputs;
  }
}

TEST(DefaultInput, HasNoSize) {
  EXPECT_EQ(Input().size(), 0u);
  EXPECT_EQ(Input(), Input());
  EXPECT_NE(Input(), Input({1}));
}

TEST(Input, GivesItsValuesBack) {
  const Input input({3, 0, -4});
  EXPECT_EQ(input.size(), 3u);
  EXPECT_EQ(input.values(with_inputs(3)), (Values{3, 0, -4}));
  EXPECT_EQ(input, Input({3, 0, -4}));
  EXPECT_NE(input, Input({3, 0, 4}));
}

TEST(Input, LogMeanSquareIsThatOfTheComponents) {
  EXPECT_NEAR(Input({3, 0, -4}).log_mean_square(with_inputs(3)), std::log(25.0 / 3), 1e-15);
}

TEST(Input, LogMeanSquareOfHugeAndTinyValuesIsExact) {
  for (const double scale : {1e200, 1e-200, 1e308, 1e-320}) {
    const double expected = std::log(25.0 / 3) + 2 * std::log(scale / 5);
    // A subnormal number has few digits, and so have its quotients.
    const double tolerance = scale < 1e-300 ? 1e-3 : 1e-12;
    EXPECT_NEAR(Input({3 * (scale / 5), 0, -4 * (scale / 5)}).log_mean_square(with_inputs(3)), expected, tolerance)
        << scale;
  }
}

TEST(Input, OfAnotherLengthThanTheNetworksIsRefused) {
  const Input input({1, 2, 3});
  const auto names_both = ThrowsMessage<std::invalid_argument>(
      AllOf(HasSubstr("inputs"), HasSubstr("takes 4"), HasSubstr("the input has 3")));
  EXPECT_THAT([&] { input.values(with_inputs(4)); }, names_both);
  EXPECT_THAT([&] { input.log_mean_square(with_inputs(4)); }, names_both);
}

TEST(Input, WithoutAValueOtherThanZeroIsRefused) {
  const auto all_zero = ThrowsMessage<std::invalid_argument>(
      AllOf(HasSubstr("input"), HasSubstr("0"), HasSubstr("at least one must differ")));
  EXPECT_THAT([] { Input({0, 0, -0.0}); }, all_zero);
  EXPECT_THAT([] { Input(Values{}); }, all_zero);
}

TEST(Input, ThatIsNotFiniteIsRefusedByItsPlace) {
  using Limits = std::numeric_limits<double>;
  EXPECT_THAT(
      [] {
        Input({1, Limits::quiet_NaN()});
      },
      ThrowsMessage<std::invalid_argument>(AllOf(HasSubstr("component 1"), HasSubstr("nan"))));
  EXPECT_THAT(
      [] {
        Input({-Limits::infinity(), 1});
      },
      ThrowsMessage<std::invalid_argument>(AllOf(HasSubstr("component 0"), HasSubstr("-inf"))));
}

TEST(Input, WhoseNormNoDoubleHoldsIsRefused) {
  EXPECT_THAT([] { Input({1.7e308, 1.7e308}); }, ThrowsMessage<std::invalid_argument>(HasSubstr("too large")));
}

}  // namespace
}  // namespace initlaw
