#include "random/normals.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numbers>

#include "engine/engine.hpp"
#include "random/philox.hpp"
#include "random/scalar_normal.hpp"
#include "random/xoshiro.hpp"
#include "support/simd_targets.hpp"

namespace initlaw {
namespace {

using support::OnTarget;
using support::simd_targets;

template <typename Real>
std::vector<Real> draw_normals(std::uint64_t seed, std::uint64_t q, std::size_t draws) {
  if constexpr (sizeof(Real) == 4) return draw_normals_float(seed, Purpose::kFastFloatNormals, q, draws);
  if constexpr (sizeof(Real) == 8) return draw_normals_double(seed, Purpose::kFastDoubleNormals, q, draws);
}

/// A hundred blocks' draws, 6.4 million numbers.
template <typename Real>
std::vector<double> many_normals(std::uint64_t seed) {
  std::vector<double> all;
  for (std::uint64_t q = 0; q < 100; ++q) {
    const auto some = draw_normals<Real>(seed, q, 1000);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

/// E|g|^k of a standard normal g, for even k.
double even_moment(int k) { return k == 0 ? 1 : (k - 1) * even_moment(k - 2); }

/// (mean of `values` - expected) in standard errors, the variance of a single value being known.
double z_score(double mean, double expected, double variance, std::size_t count) {
  return (mean - expected) / std::sqrt(variance / static_cast<double>(count));
}

template <typename Real>
class Normals : public ::testing::Test {};
using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(Normals, Reals, );

TYPED_TEST(Normals, AreTheTransformOfTheSamplesOwnWords) {
  using Word = std::conditional_t<sizeof(TypeParam) == 4, std::uint32_t, std::uint64_t>;
  constexpr std::uint64_t kSeed = 0x123456789ABCDEF;
  constexpr std::uint64_t kBlockNumber = (std::uint64_t{1} << 30) + 5;  // samples beyond 32 bits
  constexpr int kBits = 8 * sizeof(Word);
  constexpr int kUniformBits = kBits == 32 ? 31 : 52;
  constexpr int kAngleBits = kBits == 32 ? 30 : 52;  // within a quadrant
  const auto found = draw_normals<TypeParam>(kSeed, kBlockNumber, 50);
  for (std::size_t i = 0; i < kBlock; ++i) {
    auto state = xoshiro_start<Word>(kSeed, kBlockNumber * kBlock + i,
                                     kBits == 32 ? Purpose::kFastFloatNormals : Purpose::kFastDoubleNormals);
    for (std::size_t pair = 0; pair < 100; ++pair) {
      const Word first = xoshiro_next(state);
      const Word second = xoshiro_next(state);
      const long double u = std::ldexp(static_cast<long double>(first >> (kBits - kUniformBits)) + 0.5L, -kUniformBits);
      const auto in_quadrant = (static_cast<Word>(second << 2) >> (kBits - kAngleBits)) | 1;
      const long double quarter = std::ldexp(static_cast<long double>(in_quadrant), -kAngleBits);
      const auto quadrant = static_cast<unsigned>(second >> (kBits - 2));
      const long double angle = std::numbers::pi_v<long double> / 2 * (quarter - 0.5L + quadrant);
      const long double radius = std::sqrt(-2 * std::log(u));
      // That of ln u, divided by the radius, and those of the factors.
      const double unit = kBits == 32 ? 1.5e-7 : 4e-16;
      const double tolerance = unit * static_cast<double>(1 / radius + 4 * radius);
      EXPECT_NEAR(found[2 * pair * kBlock + i], static_cast<double>(radius * std::cos(angle)), tolerance);
      EXPECT_NEAR(found[(2 * pair + 1) * kBlock + i], static_cast<double>(radius * std::sin(angle)), tolerance);
    }
  }
}

// One of this block's angles would be a multiple of a right angle but for its last bit.
TEST(NormalsOfFloat, AreNeverZeroSoThatEachHasALogarithm) {
  const auto normals = draw_normals_float(77, Purpose::kFastFloatNormals, 7912, 1305);
  EXPECT_NE(normals[83487], 0);
  EXPECT_LT(std::abs(normals[83487]), 1e-8);
}

/// The smallest radius of a pair of normals among `draws` draws of a block.
double smallest_radius(std::uint64_t q, std::size_t draws) {
  const auto numbers = draw_normals_float(1, Purpose::kFastFloatNormals, q, draws);
  double smallest = 1;
  for (std::size_t pair = 0; pair < 2 * draws; ++pair) {
    for (std::size_t i = 0; i < kBlock; ++i) {
      const std::size_t first = 2 * pair * kBlock + i;
      smallest = std::min(smallest, static_cast<double>(std::hypot(numbers[first], numbers[first + kBlock])));
    }
  }
  return smallest;
}

// One pair in 2^25 has the largest uniform number, here some six: it is not rounded to 1, and the radius not to 0.
TEST(FloatNormals, OfAPairAreNotBothZero) {
  double smallest = 1;
  for (std::uint64_t q = 0; q < 200; ++q) smallest = std::min(smallest, smallest_radius(q, 32'000));
  EXPECT_LT(smallest, 4e-4);
  EXPECT_GT(smallest, 3e-4);
}

TYPED_TEST(Normals, AreTheSameBitsOnEveryInstructionSet) {
  const auto expected = draw_normals<TypeParam>(3, 7, 1000);
  ASSERT_GE(simd_targets().size(), 1);
  for (const std::int64_t target : simd_targets()) {
    const OnTarget on_target(target);
    EXPECT_TRUE(draw_normals<TypeParam>(3, 7, 1000) == expected) << hwy::TargetName(target);
  }
}

// Null hypothesis of the tests below: the numbers are independent N(0,1). Each figure is asymptotically normal with the
// error stated; at 4.5 standard errors one test in 150,000 fails by chance.

TYPED_TEST(Normals, HaveTheMomentsToOrderEight) {
  const auto numbers = many_normals<TypeParam>(11);
  for (int k = 1; k <= 8; ++k) {
    double sum = 0;
    for (const double g : numbers) sum += std::pow(g, k);
    const double expected = k % 2 == 0 ? even_moment(k) : 0;
    const double variance = even_moment(2 * k) - expected * expected;
    EXPECT_LT(std::abs(z_score(sum / static_cast<double>(numbers.size()), expected, variance, numbers.size())), 4.5)
        << "moment " << k;
  }
}

TYPED_TEST(Normals, HaveTheNormalDistributionFunction) {
  auto numbers = many_normals<TypeParam>(12);
  std::sort(numbers.begin(), numbers.end());
  const double n = static_cast<double>(numbers.size());
  const boost::math::normal_distribution<double> normal;
  double ks = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double F = boost::math::cdf(normal, numbers[i]);
    ks = std::max({ks, F - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - F});
  }
  EXPECT_LT(ks * std::sqrt(n), 2.23);  // exceeded with probability 1e-4
}

TYPED_TEST(Normals, AreUncorrelatedAlongTheStreamAndAcrossSamples) {
  const auto correlation = [](const std::vector<TypeParam>& numbers, std::size_t distance, int power) {
    double sum = 0;
    for (std::size_t i = 0; i + distance < numbers.size(); ++i) {
      sum += std::pow(numbers[i], power) * std::pow(numbers[i + distance], power) - (power == 2 ? 1 : 0);
    }
    const std::size_t count = numbers.size() - distance;
    const double variance = power == 1 ? 1 : 8;  // of g g', and of g^2 g'^2
    return z_score(sum / static_cast<double>(count), 0, variance, count);
  };
  const auto numbers = draw_normals<TypeParam>(13, 0, 50'000);
  for (const int power : {1, 2}) {
    for (const std::size_t lanes : {1, 2, 3, 4, 8, 15}) {
      EXPECT_LT(std::abs(correlation(numbers, lanes, power)), 4.5) << "lanes " << lanes;
    }
    for (const std::size_t draws : {1, 2, 3, 4, 5, 8}) {
      EXPECT_LT(std::abs(correlation(numbers, draws * kBlock, power)), 4.5) << "draws " << draws;
    }
  }
}

TEST(ScalarNormals, HaveTheMomentsToOrderFour) {
  std::vector<double> numbers(1'000'000);
  PhiloxStream stream(5, 0, Purpose::kDenseFloatNormals);
  fill_normals(stream, std::span<double>(numbers));
  for (int k = 1; k <= 4; ++k) {
    double sum = 0;
    for (const double g : numbers) sum += std::pow(g, k);
    const double expected = k % 2 == 0 ? even_moment(k) : 0;
    const double variance = even_moment(2 * k) - expected * expected;
    EXPECT_LT(std::abs(z_score(sum / static_cast<double>(numbers.size()), expected, variance, numbers.size())), 4.5);
  }
}

}  // namespace
}  // namespace initlaw
