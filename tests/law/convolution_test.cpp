#include "law/convolution.hpp"

#include <gtest/gtest.h>

#include <random>

namespace initlaw {
namespace {

TEST(Convolution, IsThePlainSum) {
  std::mt19937 generator(1);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (const std::size_t length : {1, 2, 3, 4, 5, 100, 128, 129}) {
    std::vector<double> f(length), g(length);
    for (std::size_t i = 0; i < length; ++i) {
      f[i] = uniform(generator);
      g[i] = uniform(generator);
    }
    const auto actual = convolution(spectrum(f), spectrum(g));
    ASSERT_GE(actual.size(), 2 * length - 1);
    for (std::size_t i = 0; i < actual.size(); ++i) {
      double expected = 0;
      for (std::size_t j = 0; j <= i && j < length; ++j) expected += i - j < length ? f[j] * g[i - j] : 0;
      EXPECT_NEAR(actual[i], expected, 1e-14 * static_cast<double>(length)) << length << " " << i;
    }
  }
}

}  // namespace
}  // namespace initlaw
