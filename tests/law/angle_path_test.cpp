#include "law/angle_path.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace initlaw {
namespace {

// With 60 digits, by mpmath.
TEST(NeuronRates, AreThoseOfHighPrecision) {
  struct Row {
    double leak, theta, mean, variance;
  };
  const Row rows[] = {
      {0, 1, 0.70588818330080051, 1.3562403665502823},   {0, .2, 0.9952149010012136, 1.9241921080994182},
      {0, .1, 1.0028802580618824, 1.9642252231010655},   {0, .01, 1.0007913241156633, 1.996587876460993},
      {0, .001, 1.0000843062352323, 1.9996603026812137}, {.3, 1, 0.356074193820408, 1.27979530021668},
      {.3, .1, 0.829309306158595, 1.66556380408917},     {.3, .001, 0.848351450294553, 1.69668757425804}};
  for (const auto& [leak, theta, mean, variance] : rows) {
    const double b = (1 - leak * leak) / (1 + leak * leak);
    const auto ratio = NeuronRates(leak).at(theta);
    EXPECT_NEAR(ratio.mean * (1 + b * b) / 2, mean, 2e-14) << leak << " " << theta;
    EXPECT_NEAR(ratio.variance * (1 + b * b), variance, 2e-14) << leak << " " << theta;
  }
}

}  // namespace
}  // namespace initlaw
