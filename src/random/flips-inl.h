// Random sign flips on vectors whose lanes are samples.

#if defined(INITLAW_FLIPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_FLIPS_INL_H_
#undef INITLAW_FLIPS_INL_H_
#else
#define INITLAW_FLIPS_INL_H_
#endif

#include "random/normal-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Signs for four neurons at a time: vectors of which the topmost bit is to be flipped in a neuron's lanes.
template <class V>
struct Signs {
  V s0, s1, s2, s3;
};

/// No neuron's sign flips.
struct NoFlips {};

/// Each sign flips with probability 1/2: one random bit a neuron.
template <class D>
class FairFlips {
  using DU = hn::RebindToUnsigned<D>;
  using V = hn::Vec<DU>;

 public:
  FairFlips(std::uint64_t seed, std::uint64_t first, Purpose purpose) : words_(seed, first, purpose) {}

  HWY_INLINE Signs<V> next() {
    if (left_ == 0) {
      bits_ = words_.next();
      left_ = 8 * sizeof(hn::TFromD<D>);
    }
    left_ -= 4;
    const Signs<V> signs{sign<0>(), sign<1>(), sign<2>(), sign<3>()};
    bits_ = hn::ShiftLeft<4>(bits_);
    return signs;
  }

 private:
  template <int kBit>
  HWY_INLINE V sign() const {
    return hn::And(hn::ShiftLeft<kBit>(bits_), hn::BitCast(DU(), hn::SignBit(D())));
  }

  XoshiroLanes<DU> words_;
  V bits_;
  std::size_t left_ = 0;
};

/// Each sign flips with a probability p > 0, exact to 2^-32.
template <class D>
class AnyFlips {
  using DU = hn::RebindToUnsigned<D>;
  using V = hn::Vec<DU>;

 public:
  AnyFlips(std::uint64_t seed, std::uint64_t first, Purpose purpose, double p)
      : words_(seed, first, purpose), last_(static_cast<hn::TFromD<DU>>(std::ceil(std::ldexp(p, 32)) - 1)) {}

  HWY_INLINE Signs<V> next() { return {sign(), sign(), sign(), sign()}; }

 private:
  HWY_INLINE V sign() {
    const DU d;
    const V word = hn::ShiftRight<8 * sizeof(hn::TFromD<D>) - 32>(words_.next());
    return hn::IfThenZeroElse(hn::Gt(word, hn::Set(d, last_)), hn::BitCast(d, hn::SignBit(D())));
  }

  XoshiroLanes<DU> words_;
  hn::TFromD<DU> last_;
};

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
