#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include "initlaw/angle_law.hpp"
#include "law/resnet.hpp"
#include "law/small_angle_layer.hpp"

namespace initlaw {
namespace {

TEST(SmallAngleLaw, HasTheTheorysCheckValues) {
  const SmallAngleLaw law = exact_small_angle_law(fully_connected({.width = 64, .depth = 64}));
  EXPECT_NEAR(law.mean(), -1.07592012, 0.51e-8);
  EXPECT_NEAR(law.variance(), 2.15260313, 0.51e-8);
  const SmallAngleLaw other = exact_small_angle_law(fully_connected({.width = 32, .depth = 32}));
  EXPECT_NEAR(other.mean(), -1.16597, 0.51e-5);
  EXPECT_NEAR(other.variance(), 2.33633, 0.51e-5);
  // Exact over leading moments, by which the chain scales a layer's.
  const SmallAngleLayer layer = SmallAngleLayer::relu(64);
  EXPECT_NEAR(-layer.mean() * 64, 1.067921, 0.51e-6);
  EXPECT_NEAR(layer.variance() * 64 / 2, 1.068302, 0.51e-6);
}

// Null hypothesis: two nearby inputs through dense ReLU networks of weights that are drawn one by one have this law.
// The mean at 4.5 standard errors, and Kolmogorov's distance at 0.1%.
TEST(SmallAngleLaw, IsThatOfDenseNetworks) {
  const std::vector<std::size_t> widths{12, 8, 10, 9};
  const SmallAngleLaw law = exact_small_angle_law(fully_connected({.width = widths, .depth = 3, .inputs = 2}));
  std::mt19937_64 engine(3);
  std::normal_distribution<double> normal;
  constexpr std::size_t kSamples = 20'000;
  std::vector<double> values;
  while (values.size() < kSamples) {
    // z, and its derivative along a direction orthogonal to the input.
    std::vector<double> z(widths[0]), v(widths[0]);
    for (double& x : z) x = normal(engine);
    for (double& x : v) x = normal(engine);
    for (std::size_t l = 1; l < widths.size(); ++l) {
      std::vector<double> next_z(widths[l]), next_v(widths[l]);
      for (std::size_t i = 0; i < widths[l]; ++i) {
        for (std::size_t k = 0; k < z.size(); ++k) {
          const double w = z[k] > 0 ? normal(engine) : 0;
          next_z[i] += w * z[k];
          next_v[i] += w * v[k];
        }
      }
      z = next_z;
      v = next_v;
    }
    double zz = 0, zv = 0, vv = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
      zz += z[i] * z[i];
      zv += z[i] * v[i];
      vv += v[i] * v[i];
    }
    const double sine2 = vv / zz - zv * zv / (zz * zz);
    // With one active neuron it is 0 but for rounding.
    if (zz > 0 && sine2 > 1e-14) values.push_back(std::log(sine2) / 2);
  }
  std::sort(values.begin(), values.end());
  double mean = 0, ks = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    mean += values[i] / kSamples;
    ks = std::max(ks, std::abs(law.cdf(values[i]) - (static_cast<double>(i) + .5) / kSamples));
  }
  EXPECT_NEAR(mean, law.mean(), 4.5 * std::sqrt(law.variance() / kSamples));
  EXPECT_LT(ks, 1.95 / std::sqrt(kSamples));
  EXPECT_NEAR(law.cdf(law.quantile(.1)), .1, 1e-10);
  const double h = 1e-4, x = law.quantile(.3);
  EXPECT_NEAR((law.cdf(x + h) - law.cdf(x - h)) / (2 * h), law.pdf(x), 1e-7);
}

// The chain with exact moments differs from it by its last, linear layer, to 1/n^2, and by not being normal.
TEST(SmallAngleLaw, IsWhatTheChainApproaches) {
  const Network network = fully_connected({.width = 60, .depth = 40});
  const SmallAngleLaw exact = exact_small_angle_law(network);
  const double rho = 1 - 1e-12;
  const AngleLaw chain = angle_law(network, rho);
  EXPECT_NEAR(chain.log_angle().mean - std::log(std::acos(rho)), exact.mean(), 1e-3);
  EXPECT_NEAR(chain.log_angle().variance, exact.variance(), 1e-3);
}

TEST(SmallAngleLaw, IsOfReluNetworksWithoutSkipPathAlone) {
  EXPECT_THROW(exact_small_angle_law(resnet(.5, 10, 5)), std::invalid_argument);
  EXPECT_THROW(exact_small_angle_law(fully_connected({.width = 10, .depth = 5, .leak = .1})), std::invalid_argument);
  EXPECT_THROW(exact_small_angle_law(fully_connected({.width = 1, .depth = 5})), std::invalid_argument);
  EXPECT_THROW(exact_small_angle_law(fully_connected({.width = 10, .depth = 5})).cdf(std::nan("")),
               std::invalid_argument);
}

}  // namespace
}  // namespace initlaw
