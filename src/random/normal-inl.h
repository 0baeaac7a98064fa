// Random words, and Box and Muller's transform of them, on vectors whose lanes are samples.

#if defined(INITLAW_NORMAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_NORMAL_INL_H_
#undef INITLAW_NORMAL_INL_H_
#else
#define INITLAW_NORMAL_INL_H_
#endif

#include "random/elementary-inl.h"
#include "random/xoshiro.hpp"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The xoshiro++ streams of consecutive samples, one a lane.
template <class DU>
class XoshiroLanes {
 public:
  using V = hn::Vec<DU>;

  XoshiroLanes(std::uint64_t seed, std::uint64_t first, Purpose purpose) {
    const DU d;
    HWY_ALIGN Word states[4][hn::MaxLanes(DU())];
    for (std::size_t lane = 0; lane < hn::Lanes(d); ++lane) {
      const XoshiroState<Word> start = xoshiro_start<Word>(seed, first + lane, purpose);
      for (std::size_t k = 0; k < 4; ++k) states[k][lane] = start[k];
    }
    s0_ = hn::Load(d, states[0]);
    s1_ = hn::Load(d, states[1]);
    s2_ = hn::Load(d, states[2]);
    s3_ = hn::Load(d, states[3]);
  }

  /// The streams of which save() wrote the states.
  XoshiroLanes(const hn::TFromD<DU>* words, std::size_t stride) {
    const DU d;
    s0_ = hn::LoadU(d, words);
    s1_ = hn::LoadU(d, words + stride);
    s2_ = hn::LoadU(d, words + 2 * stride);
    s3_ = hn::LoadU(d, words + 3 * stride);
  }
  void save(hn::TFromD<DU>* words, std::size_t stride) const {
    const DU d;
    hn::StoreU(s0_, d, words);
    hn::StoreU(s1_, d, words + stride);
    hn::StoreU(s2_, d, words + 2 * stride);
    hn::StoreU(s3_, d, words + 3 * stride);
  }

  /// xoshiro_next in each lane.
  HWY_INLINE V next() {
    const V word = hn::Add(rotate_left<Constants::kRotateSum>(hn::Add(s0_, s3_)), s0_);
    const V shifted = hn::ShiftLeft<Constants::kShift>(s1_);
    s2_ = hn::Xor(s2_, s0_);
    s3_ = hn::Xor(s3_, s1_);
    s1_ = hn::Xor(s1_, s2_);
    s0_ = hn::Xor(s0_, s3_);
    s2_ = hn::Xor(s2_, shifted);
    s3_ = rotate_left<Constants::kRotateState>(s3_);
    return word;
  }

 private:
  using Word = hn::TFromD<DU>;
  using Constants = XoshiroConstants<Word>;

  template <int kBits>
  static HWY_INLINE V rotate_left(V v) {
    return hn::RotateRight<8 * static_cast<int>(sizeof(Word)) - kBits>(v);
  }

  V s0_, s1_, s2_, s3_;
};

/// A uniform number in (0, 1) from the topmost 31 bits of a word, rounded to a float's 24 and to at most 1 - 2^-24.
template <class D, class VU>
requires(sizeof(hn::TFromD<D>) == 4) HWY_INLINE hn::Vec<D> uniform(D d, VU word) {
  const hn::RebindToSigned<D> di;
  const auto from_bits = hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<1>(word)));
  const auto rounded = hn::Add(hn::Mul(from_bits, hn::Set(d, 0x1p-31F)), hn::Set(d, 0x1p-32F));
  return hn::Min(rounded, hn::Set(d, 1 - 0x1p-24F));
}

/// The topmost 52 bits as a number in [1, 2).
template <class D, class VU>
requires(sizeof(hn::TFromD<D>) == 8) HWY_INLINE hn::Vec<D> from_one_to_two(D d, VU bits) {
  const hn::RebindToUnsigned<D> du;
  return hn::BitCast(d, hn::Or(hn::ShiftRight<12>(bits), hn::BitCast(du, hn::Set(d, 1.0))));
}

/// A uniform number in (0, 1), a multiple of 2^-52 plus 2^-53.
template <class D, class VU>
requires(sizeof(hn::TFromD<D>) == 8) HWY_INLINE hn::Vec<D> uniform(D d, VU word) {
  return hn::Sub(from_one_to_two(d, word), hn::Set(d, 1 - 0x1p-53));
}

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

/// float: U has 31 bits, rounded to a float's 24 and to at most 1 - 2^-24, so that no number is beyond 6.66
/// (probability 2.7e-11) and no radius below 3.4e-4 (6e-8). V has 31 bits and lies between multiples of 1/8, where a
/// sine or cosine is 0: a number that is 0 has no logarithm. Absolute error of the numbers: 1.5e-7 (1/radius + 4
/// radius).
template <class D>
requires(sizeof(hn::TFromD<D>) == 4) class NormalLanes<D> {
 public:
  using V = hn::Vec<D>;
  struct Normals {
    V n0, n1, n2, n3;
  };

  NormalLanes(std::uint64_t seed, std::uint64_t first, Purpose purpose) : words_(seed, first, purpose) {}

  HWY_INLINE Normals next() {
    const auto [n0, n1] = next_pair();
    const auto [n2, n3] = next_pair();
    return {n0, n1, n2, n3};
  }

 private:
  using DU = hn::RebindToUnsigned<D>;

  HWY_INLINE CosineSine<V> next_pair() {
    const D d;
    const DU du;
    const hn::RebindToSigned<D> di;
    const auto u = words_.next();
    const auto v = words_.next();
    // U = 1 would give the normals 0, 0, whose norm is no normal's.
    const V radius = hn::Sqrt(hn::Mul(natural_log(d, uniform(d, u)), hn::Set(d, -2.0F)));
    const auto low = hn::BitCast(di, hn::Or(hn::And(v, hn::Set(du, 0x3FFFFFFFU)), hn::Set(du, 1U)));
    const V x = hn::Mul(hn::ConvertTo(d, hn::Sub(low, hn::Set(di, 1 << 29))), hn::Set(d, 0x1p-29F));
    const auto circle = whole_circle(d, du, octant(d, x), v);
    return {hn::Mul(radius, circle.cosine), hn::Mul(radius, circle.sine)};
  }

  XoshiroLanes<DU> words_;
};

/// double: U is a multiple of 2^-52 plus 2^-53, so that no number is beyond 8.57; V has 53 bits, and no number is 0.
template <class D>
requires(sizeof(hn::TFromD<D>) == 8) class NormalLanes<D> {
 public:
  using V = hn::Vec<D>;
  struct Normals {
    V n0, n1, n2, n3;
  };

  NormalLanes(std::uint64_t seed, std::uint64_t first, Purpose purpose) : words_(seed, first, purpose) {}
  explicit NormalLanes(const XoshiroLanes<hn::RebindToUnsigned<D>>& words) : words_(words) {}
  const XoshiroLanes<hn::RebindToUnsigned<D>>& words() const { return words_; }

  HWY_INLINE Normals next() {
    const auto [n0, n1] = next_pair();
    const auto [n2, n3] = next_pair();
    return {n0, n1, n2, n3};
  }

 private:
  using DU = hn::RebindToUnsigned<D>;

  HWY_INLINE CosineSine<V> next_pair() {
    const D d;
    const auto u = words_.next();
    const auto v = words_.next();
    const V radius = hn::Sqrt(hn::Mul(natural_log(d, uniform(d, u)), hn::Set(d, -2.0)));
    const auto low = hn::Or(hn::ShiftLeft<2>(v), hn::Set(DU(), std::uint64_t{1} << 12));
    const V x = hn::Add(hn::Mul(from_one_to_two(d, low), hn::Set(d, 2.0)), hn::Set(d, -3.0));
    const auto circle = whole_circle(d, DU(), octant(d, x), v);
    return {hn::Mul(radius, circle.cosine), hn::Mul(radius, circle.sine)};
  }

  XoshiroLanes<DU> words_;
};

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
