#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

// Of targets without the instruction: SSE4 on x86, else what there is.
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (~(HWY_SSE4 | HWY_SCALAR | HWY_EMU128 | HWY_NEON))

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random/fused_test.cpp"
#include <hwy/foreach_target.h>
// after foreach_target.h
#include <hwy/highway.h>

#include "random/elementary-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

/// a b + c, by lanes of four; there are a multiple of four.
std::vector<float> fused_of(const std::vector<float>& a, const std::vector<float>& b, const std::vector<float>& c) {
  const hn::CappedTag<float, 4> d;
  std::vector<float> result(a.size());
  for (std::size_t i = 0; i < a.size(); i += hn::Lanes(d)) {
    hn::StoreU(fused(d, hn::LoadU(d, &a[i]), hn::LoadU(d, &b[i]), hn::LoadU(d, &c[i])), d, &result[i]);
  }
  return result;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace initlaw {
namespace {

HWY_EXPORT(fused_of);

float any_float(std::mt19937& random) { return std::bit_cast<float>(static_cast<std::uint32_t>(random())); }

/// Half the way from x to the next float, as nearly as floats hold it.
float half_way(float x) { return (std::nextafter(x, std::numeric_limits<float>::infinity()) - x) / 2; }

TEST(Fused, RoundsOnceWhereverTheSumLies) {
  std::mt19937 random(7);
  std::vector<float> a, b, c;
  const auto add = [&](float x, float y, float z) {
    a.push_back(x);
    b.push_back(y);
    c.push_back(z);
  };
  for (int i = 0; i < 200'000; ++i) {
    add(any_float(random), any_float(random), any_float(random));
    // Of one size, so that digits meet.
    const float x = std::ldexp(1 + static_cast<float>(random()) * 0x1p-32F, static_cast<int>(random() % 8));
    add(x, any_float(random), -std::nextafter(x, 0.0F));
    // Next to the middle of two floats, on either side, by less than a double sees.
    const float unit = std::nextafter(1.0F, 2.0F);
    add(half_way(x) * unit, 1 / unit, x);
    add(half_way(x) * (i % 2 == 0 ? unit : 1 / unit), i % 4 < 2 ? unit : 1.0F, -x);
    // The same where floats are subnormal, multiples of 2^-149.
    const auto multiple = static_cast<float>(random() >> (9 + i % 12));
    add(std::ldexp(unit, -75), std::ldexp(2 - unit, -75), std::ldexp(multiple, -149));
    add(std::ldexp(x, -75), std::ldexp(unit, -70), -std::ldexp(multiple, -149));
  }
  for (const float special : {0.0F, -0.0F, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::max()}) {
    for (const float other : {0.0F, -1.0F, 2.0F, -std::numeric_limits<float>::infinity()}) {
      add(special, other, special);
      add(other, special, -special);
      add(other, 1, special);
    }
  }
  while (a.size() % 4 != 0) add(1, 1, 1);
  const std::vector<float> found = HWY_DYNAMIC_DISPATCH(fused_of)(a, b, c);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const float expected = std::fma(a[i], b[i], c[i]);
    if (std::isnan(expected) && std::isnan(found[i])) continue;
    ASSERT_EQ(std::bit_cast<std::uint32_t>(found[i]), std::bit_cast<std::uint32_t>(expected))
        << a[i] << " " << b[i] << " " << c[i];
  }
}

}  // namespace
}  // namespace initlaw
#endif  // HWY_ONCE
