#include <gtest/gtest.h>

#include <cmath>

#include "comparison/prediction.hpp"
#include "initlaw/compare.hpp"
#include "initlaw/simulate.hpp"

namespace initlaw {
namespace {

struct Size {
  std::size_t width;
  std::size_t depth;
};

Network standard(const Size& size) { return vanilla({.width = size.width, .depth = size.depth, .outputs = 10}); }

// H0: where the law is recommended, none of its probabilities is off by more than the prediction says. At level 1e-3
// the distance of N networks is then below that plus 1.95/sqrt(N). The mere distance of the law to third order
// recommends it at 6 x 10, 12 x 32 and 16 x 64, where it fails.
TEST(FiniteWidthError, CoversTheDistanceOfNarrowAndDeepNetworks) {
  constexpr std::size_t kSamples = 40'000;
  int recommended = 0;
  for (const Size& size :
       {Size{4, 10}, {5, 8}, {5, 10}, {6, 6}, {6, 10}, {12, 32}, {16, 64}, {20, 40}, {32, 128}, {36, 18}}) {
    const Network network = standard(size);
    const Prediction prediction = predict(network, {});
    if (prediction.finite_width_error.value_or(1) > kHoldsBelow || !prediction.has_law("finite_width")) continue;
    ++recommended;
    const Ensemble ensemble = simulate(network, {.samples = kSamples, .seed = 3});
    const double ks = kolmogorov_smirnov(ensemble, finite_width(network)).value;
    EXPECT_LT(ks, *prediction.finite_width_error + 1.95 / std::sqrt(kSamples)) << size.width << " x " << size.depth;
  }
  EXPECT_GE(recommended, 2);
}

// Of networks of use it is no more than some times the distance that a million networks measure (claim 10's table).
TEST(FiniteWidthError, IsNotFarAboveTheDistanceOfNetworksInUse) {
  const auto error = [](const Size& size) { return predict(standard(size), {}).finite_width_error.value_or(1); };
  EXPECT_LT(error({36, 18}), 4 * 0.0045);
  EXPECT_LT(error({50, 25}), 4 * 0.0029);
  EXPECT_LT(error({100, 50}), 4 * 0.0011);
}

TEST(FiniteWidthError, LeavesNoLawToNetworksThatAreTooNarrow) {
  for (const Size& size : {Size{1, 1}, {4, 10}, {5, 10}}) {
    EXPECT_FALSE(predict(standard(size), {}).has_law("finite_width")) << size.width << " x " << size.depth;
  }
}

}  // namespace
}  // namespace initlaw
