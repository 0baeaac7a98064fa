#include <gmock/gmock.h>

#include <limits>
#include <stdexcept>

#include "initlaw/design.hpp"

namespace initlaw {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <typename Make>
void expect_refused(const Make& make, const char* name) {
  EXPECT_THAT(make, ThrowsMessage<std::invalid_argument>(HasSubstr(name)));
}

TEST(Target, RefusesWhatIsNoBound) {
  for (const double wrong : {0.0, -1.0, kNaN, kInfinity}) {
    expect_refused([&] { Target::variance(wrong); }, "variance: ");
    expect_refused([&] { Target::quantile_ratio(wrong); }, "quantile-ratio: ");
    expect_refused([&] { Target::overflow(wrong, 0.1); }, "overflow: ");
    expect_refused([&] { Target::underflow(wrong, 0.1); }, "underflow: ");
    expect_refused([&] { Target::overflow(1, wrong); }, "risk: ");
    expect_refused([&] { Target::underflow(1, wrong); }, "risk: ");
    expect_refused([&] { Target::ks_to_gaussian(wrong); }, "ks-to-gaussian: ");
  }
  expect_refused([] { Target::quantile_ratio(1); }, "quantile-ratio: 1");
  expect_refused([] { Target::overflow(1, 1); }, "risk: 1");
  expect_refused([] { Target::ks_to_gaussian(1); }, "ks-to-gaussian: 1");
}

TEST(Target, OfAGradientIsOneThatItsLawResolves) {
  const OutputDirection random = OutputDirection::kRandom;
  expect_refused([&] { Target::ks_to_gaussian(0.1).of_gradient(random); }, "ks-to-gaussian: ");
  expect_refused([&] { Target::overflow(10, 0.99e-5).of_gradient(random); }, "risk: ");
  EXPECT_EQ(Target::overflow(10, 1e-5).of_gradient(random).gradient(), random);
  EXPECT_EQ(Target::variance(1e-9).of_gradient(random).at_most(), 1e-9);
}

}  // namespace
}  // namespace initlaw
