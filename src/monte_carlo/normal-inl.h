// Philox4x32-10 and Box and Muller's transform on vectors whose lanes are samples.

#if defined(INITLAW_NORMAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_NORMAL_INL_H_
#undef INITLAW_NORMAL_INL_H_
#else
#define INITLAW_NORMAL_INL_H_
#endif

#include <array>

#include "monte_carlo/elementary-inl.h"
#include "monte_carlo/philox.hpp"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The same draws of PhiloxStream for samples first, first + stride, first + 2 stride, ... of one seed: the sample
/// whose number is lane i of a 64-bit vector has its words in the lower halves of lane i of `Words`; the upper halves
/// are noise.
///
/// Philox's first two rounds act on words that are either the same for all samples or the same for all draws, so they
/// cost a few scalar instructions.
template <class D64>
class PhiloxLanes {
 public:
  using V = hn::Vec<D64>;
  struct Words {
    V w0, w1, w2, w3;
  };

  PhiloxLanes(std::uint64_t seed, std::uint64_t first, std::uint64_t stride, Purpose purpose) {
    for (int round = 0; round < kPhiloxRounds; ++round) {
      keys_[round][0] = static_cast<std::uint32_t>(seed) + static_cast<std::uint32_t>(round) * kPhiloxWeyl0;
      keys_[round][1] = static_cast<std::uint32_t>(seed >> 32) + static_cast<std::uint32_t>(round) * kPhiloxWeyl1;
    }
    const D64 d;
    const auto counter = philox_counter(first, purpose, 0);
    HWY_ALIGN std::uint64_t samples[hn::MaxLanes(D64())];
    for (std::size_t i = 0; i < hn::Lanes(d); ++i) samples[i] = counter[2] + i * stride;
    const V product1 = multiply(hn::Load(d, samples), kPhiloxMultiplier1);
    const V c0 = hn::Xor(hn::ShiftRight<32>(product1), hn::Set(d, std::uint64_t{counter[1]} ^ keys_[0][0]));
    const V product0 = multiply(c0, kPhiloxMultiplier0);
    after_two_[0] = hn::Xor(product1, hn::Set(d, keys_[1][0]));
    after_two_[1] = hn::Xor(hn::ShiftRight<32>(product0), hn::Set(d, keys_[1][1]));
    after_two_[2] = product0;
  }

  HWY_INLINE Words next() {
    const D64 d;
    const std::uint64_t draw = draw_++;
    const std::uint64_t first = kPhiloxMultiplier0 * (draw & 0xFFFFFFFF);
    const std::uint64_t c2 = (first >> 32) ^ (draw >> 32) ^ keys_[0][1];
    const std::uint64_t second = kPhiloxMultiplier1 * c2;
    Words words{hn::Xor(after_two_[0], hn::Set(d, second >> 32)), hn::Set(d, second),
                hn::Xor(after_two_[1], hn::Set(d, first)), after_two_[2]};
    for (int round = 2; round < kPhiloxRounds; ++round) {
      const V product0 = multiply(words.w0, kPhiloxMultiplier0);
      const V product1 = multiply(words.w2, kPhiloxMultiplier1);
      words = {hn::Xor3(hn::ShiftRight<32>(product1), words.w1, hn::Set(d, keys_[round][0])), product1,
               hn::Xor3(hn::ShiftRight<32>(product0), words.w3, hn::Set(d, keys_[round][1])), product0};
    }
    return words;
  }

 private:
  static HWY_INLINE V multiply(V words, std::uint64_t factor) {
#if HWY_TARGET == HWY_SCALAR
    return hn::Set(D64(), (hn::GetLane(words) & 0xFFFFFFFF) * factor);
#else
    const hn::Repartition<std::uint32_t, D64> d32;
    return hn::MulEven(hn::BitCast(d32, words), hn::Set(d32, static_cast<std::uint32_t>(factor)));
#endif
  }

  std::uint64_t keys_[kPhiloxRounds][2];
  std::array<V, 3> after_two_;
  std::uint64_t draw_ = 0;
};

/// Random words of consecutive samples, one a lane of 32 bits.
template <class D>
class WordLanes {
 public:
  using D32 = hn::RebindToUnsigned<D>;
  using V = hn::Vec<D32>;
  struct Words {
    V w0, w1, w2, w3;
  };

  WordLanes(std::uint64_t seed, std::uint64_t first, Purpose purpose)
      : even_(seed, first, 2, purpose), odd_(seed, first + 1, 2, purpose) {}

  HWY_INLINE Words next() {
    const auto even = even_.next();
    const auto odd = odd_.next();
    return {interleave(even.w0, odd.w0), interleave(even.w1, odd.w1), interleave(even.w2, odd.w2),
            interleave(even.w3, odd.w3)};
  }

 private:
#if HWY_TARGET == HWY_SCALAR
  using D64 = hn::CappedTag<std::uint64_t, 1>;

  static HWY_INLINE V interleave(hn::Vec<D64> even, hn::Vec<D64>) {
    return hn::Set(D32(), static_cast<std::uint32_t>(hn::GetLane(even)));
  }
#else
  using D64 = hn::RepartitionToWide<D32>;

  static HWY_INLINE V interleave(hn::Vec<D64> even, hn::Vec<D64> odd) {
    const D32 d;
    return hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even));
  }
#endif

  PhiloxLanes<D64> even_;
  PhiloxLanes<D64> odd_;
};

/// Turns the octant's cosine and sine into those of the whole circle. Of `quadrant` the two topmost bits count: the
/// second swaps them for each other, the first is the sine's sign, and whether the two differ the cosine's.
template <class D, class DU, class V, class VU>
HWY_INLINE CosineSine<V> whole_circle(D d, DU du, CosineSine<V> octant, VU quadrant) {
  const VU sign = hn::BitCast(du, hn::SignBit(d));
  const auto swap = hn::RebindMask(d, hn::TestBit(quadrant, hn::ShiftRight<1>(sign)));
  const V first = hn::IfThenElse(swap, octant.sine, octant.cosine);
  const V second = hn::IfThenElse(swap, octant.cosine, octant.sine);
  const VU differ = hn::Xor(quadrant, hn::ShiftLeft<1>(quadrant));
  return {hn::Xor(first, hn::BitCast(d, hn::And(differ, sign))),
          hn::Xor(second, hn::BitCast(d, hn::And(quadrant, sign)))};
}

/// Independent N(0,1) numbers for consecutive samples, one a lane, four a sample and draw. With U, V uniform they are
/// sqrt(-2 ln U) (cos 2 pi V, sin 2 pi V): Box and Muller (1958).
template <class D>
class NormalLanes;

/// float: U is a multiple of 2^-31 plus 2^-32, so that no number is beyond 6.66 (probability 2.7e-11); V has 32 bits.
template <class D>
requires(sizeof(hn::TFromD<D>) == 4) class NormalLanes<D> {
 public:
  using V = hn::Vec<D>;
  struct Normals {
    V n0, n1, n2, n3;
  };

  NormalLanes(std::uint64_t seed, std::uint64_t first) : words_(seed, first, Purpose::kNormals) {}

  HWY_INLINE Normals next() {
    const auto words = words_.next();
    const auto [n0, n1] = transform(words.w0, words.w1);
    const auto [n2, n3] = transform(words.w2, words.w3);
    return {n0, n1, n2, n3};
  }

 private:
  using DU = hn::RebindToUnsigned<D>;

  static HWY_INLINE CosineSine<V> transform(hn::Vec<DU> u, hn::Vec<DU> v) {
    const D d;
    const DU du;
    const hn::RebindToSigned<D> di;
    const V uniform =
        fused(d, hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<1>(u))), hn::Set(d, 0x1p-31F), hn::Set(d, 0x1p-32F));
    const V radius = hn::Sqrt(hn::Mul(natural_log(d, uniform), hn::Set(d, -2.0F)));
    const auto low = hn::BitCast(di, hn::And(v, hn::Set(du, 0x3FFFFFFFU)));
    const V x = hn::Mul(hn::ConvertTo(d, hn::Sub(low, hn::Set(di, 1 << 29))), hn::Set(d, 0x1p-29F));
    const auto circle = whole_circle(d, du, octant(d, x), v);
    return {hn::Mul(radius, circle.cosine), hn::Mul(radius, circle.sine)};
  }

  WordLanes<D> words_;
};

/// double: U is a multiple of 2^-52 plus 2^-53, so that no number is beyond 8.57; V has 54 bits.
template <class D>
requires(sizeof(hn::TFromD<D>) == 8) class NormalLanes<D> {
 public:
  using V = hn::Vec<D>;
  struct Normals {
    V n0, n1, n2, n3;
  };

  NormalLanes(std::uint64_t seed, std::uint64_t first) : words_(seed, first, 1, Purpose::kNormals) {}

  HWY_INLINE Normals next() {
    const auto first = words_.next();
    const auto second = words_.next();
    const auto [n0, n1] = transform(join(first.w0, first.w1), join(first.w2, first.w3));
    const auto [n2, n3] = transform(join(second.w0, second.w1), join(second.w2, second.w3));
    return {n0, n1, n2, n3};
  }

 private:
  using DU = hn::RebindToUnsigned<D>;

  static HWY_INLINE hn::Vec<DU> join(hn::Vec<DU> high, hn::Vec<DU> low) {
    return hn::Or(hn::ShiftLeft<32>(high), hn::And(low, hn::Set(DU(), 0xFFFFFFFFU)));
  }

  /// The topmost 52 bits as a number in [1, 2).
  static HWY_INLINE V from_one_to_two(hn::Vec<DU> bits) {
    const D d;
    return hn::BitCast(d, hn::Or(hn::ShiftRight<12>(bits), hn::BitCast(DU(), hn::Set(d, 1.0))));
  }

  static HWY_INLINE CosineSine<V> transform(hn::Vec<DU> u, hn::Vec<DU> v) {
    const D d;
    const V uniform = hn::Sub(from_one_to_two(u), hn::Set(d, 1 - 0x1p-53));
    const V radius = hn::Sqrt(hn::Mul(natural_log(d, uniform), hn::Set(d, -2.0)));
    const V x = fused(d, from_one_to_two(hn::ShiftLeft<2>(v)), hn::Set(d, 2.0), hn::Set(d, -3.0));
    const auto circle = whole_circle(d, DU(), octant(d, x), v);
    return {hn::Mul(radius, circle.cosine), hn::Mul(radius, circle.sine)};
  }

  PhiloxLanes<DU> words_;
};

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
