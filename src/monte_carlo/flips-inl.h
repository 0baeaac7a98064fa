// Random sign flips on vectors whose lanes are samples.

#if defined(INITLAW_FLIPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_FLIPS_INL_H_
#undef INITLAW_FLIPS_INL_H_
#else
#define INITLAW_FLIPS_INL_H_
#endif

#include "monte_carlo/normal-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Random words of consecutive samples, in the upper 32 bits of a lane.
template <class D>
class TopWords {
 public:
  using DU = hn::RebindToUnsigned<D>;
  using V = hn::Vec<DU>;
  struct Words {
    V w0, w1, w2, w3;
  };

  TopWords(std::uint64_t seed, std::uint64_t first) requires(sizeof(hn::TFromD<D>) == 4)
      : words_(seed, first, Purpose::kFlips) {}
  TopWords(std::uint64_t seed, std::uint64_t first) requires(sizeof(hn::TFromD<D>) == 8)
      : words_(seed, first, 1, Purpose::kFlips) {}

  HWY_INLINE Words next() {
    const auto words = words_.next();
    if constexpr (sizeof(hn::TFromD<D>) == 4) {
      return {words.w0, words.w1, words.w2, words.w3};
    } else {
      return {hn::ShiftLeft<32>(words.w0), hn::ShiftLeft<32>(words.w1), hn::ShiftLeft<32>(words.w2),
              hn::ShiftLeft<32>(words.w3)};
    }
  }

 private:
  std::conditional_t<sizeof(hn::TFromD<D>) == 4, WordLanes<D>, PhiloxLanes<DU>> words_;
};

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
 public:
  FairFlips(std::uint64_t seed, std::uint64_t first) : words_(seed, first) {}

  HWY_INLINE Signs<typename TopWords<D>::V> next() {
    if (left_ == 0) {
      current_ = words_.next();
      left_ = 32;
    }
    --left_;
    return {take(current_.w0), take(current_.w1), take(current_.w2), take(current_.w3)};
  }

 private:
  using V = typename TopWords<D>::V;

  static HWY_INLINE V take(V& word) {
    const V sign = hn::And(word, hn::BitCast(typename TopWords<D>::DU(), hn::SignBit(D())));
    word = hn::ShiftLeft<1>(word);
    return sign;
  }

  TopWords<D> words_;
  typename TopWords<D>::Words current_;
  int left_ = 0;
};

/// Each sign flips with a probability p > 0, exact to 2^-32.
template <class D>
class AnyFlips {
 public:
  AnyFlips(std::uint64_t seed, std::uint64_t first, double p)
      : words_(seed, first), last_(static_cast<hn::TFromD<DU>>(std::ceil(std::ldexp(p, 32)) - 1) << kShift) {}

  HWY_INLINE Signs<typename TopWords<D>::V> next() {
    const auto words = words_.next();
    return {flip(words.w0), flip(words.w1), flip(words.w2), flip(words.w3)};
  }

 private:
  using DU = typename TopWords<D>::DU;
  using V = typename TopWords<D>::V;
  static constexpr int kShift = sizeof(hn::TFromD<D>) == 4 ? 0 : 32;

  HWY_INLINE V flip(V word) const {
    const DU d;
    const V sign = hn::BitCast(d, hn::SignBit(D()));
    return hn::IfThenZeroElse(hn::Gt(word, hn::Set(d, last_)), sign);
  }

  TopWords<D> words_;
  hn::TFromD<DU> last_;
};

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
