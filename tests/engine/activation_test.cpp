#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "network/scaled_activation.hpp"
#include "random/simd_targets.hpp"
// after simd_targets.hpp
#include <hwy/highway.h>

#include "engine/activation-inl.h"

namespace initlaw {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Of the compiler's own instruction set; all have the same bits.
template <Activation kActivation, typename Real>
std::vector<Real> squared_activations(const std::vector<Real>& x) {
  const hn::CappedTag<Real, 1> d;
  std::vector<Real> squares;
  for (const Real value : x) {
    squares.push_back(hn::GetLane(HWY_NAMESPACE::squared_activation<kActivation>(d, hn::Set(d, value))));
  }
  return squares;
}

Network with_activation(Activation activation) {
  return vanilla({.width = 1, .depth = 1, .architecture = {.norm = Normalization::kPre, .activation = activation}});
}

template <typename Real>
std::vector<Real> points() {
  std::vector<Real> x{0, -0.0, 1e-30, -1e-30, 40, -40, 300, -300};
  for (int i = -2000; i <= 2000; ++i) x.push_back(static_cast<Real>(0.005 * i));
  return x;
}

template <Activation kActivation, typename Real>
void expect_accuracy(double tolerance) {
  const ScaledActivation phi(with_activation(kActivation));
  const auto x = points<Real>();
  const auto squares = squared_activations<kActivation>(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto at = static_cast<double>(x[i]);
    EXPECT_NEAR(squares[i], std::pow(phi(at) / phi.scale(), 2), tolerance * (1 + at * at))
        << to_string(kActivation) << " at " << at;
  }
}

template <Activation kActivation>
void expect_accuracy() {
  expect_accuracy<kActivation, float>(5e-7);
  expect_accuracy<kActivation, double>(2e-15);
}

TEST(SquaredActivation, IsAccurate) {
  expect_accuracy<Activation::kGelu>();
  expect_accuracy<Activation::kSilu>();
  expect_accuracy<Activation::kTanh>();
  expect_accuracy<Activation::kErf>();
}

TEST(ScaledActivation, HasASquareOfMeanOne) {
  // Of normals, by another rule than the one that scaled it.
  for (const Activation activation :
       {Activation::kLeakyRelu, Activation::kGelu, Activation::kSilu, Activation::kTanh, Activation::kErf}) {
    const ScaledActivation phi(with_activation(activation));
    double sum = 0;
    constexpr int kSteps = 200'000;
    for (int i = 0; i < kSteps; ++i) {
      const double x = 24 * (i + 0.5) / kSteps - 12;
      sum += std::pow(phi(x), 2) * std::exp(-x * x / 2) / std::sqrt(2 * M_PI) * 24 / kSteps;
    }
    EXPECT_NEAR(sum, 1, 1e-9) << to_string(activation);
  }
}

TEST(ScaledActivation, HasTheSlopeOfItsValues) {
  for (const Activation activation :
       {Activation::kLeakyRelu, Activation::kGelu, Activation::kSilu, Activation::kTanh, Activation::kErf}) {
    const ScaledActivation phi(with_activation(activation));
    for (const double x : {-3.0, -0.7, 0.2, 1.9}) {
      EXPECT_NEAR(phi.slope(x), (phi(x + 1e-5) - phi(x - 1e-5)) / 2e-5, 1e-9) << to_string(activation);
    }
  }
}

}  // namespace
}  // namespace initlaw
