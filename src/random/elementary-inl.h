// Elementary functions on vectors. Every target gives the same bits: all arithmetic is correctly rounded, and a fused
// multiply-add is one on targets that lack the instruction too.

#if defined(INITLAW_ELEMENTARY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_ELEMENTARY_INL_H_
#undef INITLAW_ELEMENTARY_INL_H_
#else
#define INITLAW_ELEMENTARY_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstdint>
#include <initializer_list>

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_NATIVE_FMA
/// a b + c with one rounding.
template <class D, class V>
HWY_INLINE V fused(D, V a, V b, V c) {
  return hn::MulAdd(a, b, c);
}
#else
/// a b + c with one rounding, lane by lane.
template <class D, class V>
HWY_NOINLINE V fused_by_lane(D d, V a, V b, V c) {
  constexpr std::size_t kMost = hn::MaxLanes(D());
  HWY_ALIGN hn::TFromD<D> x[kMost], y[kMost], z[kMost];
  hn::Store(a, d, x);
  hn::Store(b, d, y);
  hn::Store(c, d, z);
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) z[i] = std::fma(x[i], y[i], z[i]);
  return hn::Load(d, z);
}

template <class D, class V>
HWY_INLINE V fused(D d, V a, V b, V c) {
  return fused_by_lane(d, a, b, c);
}

#if HWY_TARGET != HWY_SCALAR
/// The same of floats, in a tenth of the time. As doubles their products are exact. The sum of one and c, rounded to a
/// double, rounds to the float that the exact sum rounds to, with two exceptions. It may have come to lie halfway
/// between two floats, so that it no longer tells which is nearer. And it may lie below 2^-126, where floats have other
/// halves: unless c does so, too, it is then exact, by Sterbenz's lemma.
template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 4) HWY_INLINE V fused(D d, V a, V b, V c) {
  const hn::Half<D> half;
  const hn::Repartition<double, D> dd;
  const hn::RebindToUnsigned<D> du;
  const auto low =
      hn::Add(hn::Mul(hn::PromoteTo(dd, hn::LowerHalf(half, a)), hn::PromoteTo(dd, hn::LowerHalf(half, b))),
              hn::PromoteTo(dd, hn::LowerHalf(half, c)));
  const auto high =
      hn::Add(hn::Mul(hn::PromoteTo(dd, hn::UpperHalf(half, a)), hn::PromoteTo(dd, hn::UpperHalf(half, b))),
              hn::PromoteTo(dd, hn::UpperHalf(half, c)));
  const auto beyond_float =
      hn::And(hn::ConcatEven(du, hn::BitCast(du, high), hn::BitCast(du, low)), hn::Set(du, 0x1FFFFFFFU));
  const auto is_halfway = hn::Eq(beyond_float, hn::Set(du, 0x10000000U));
  const auto magnitude = hn::And(hn::BitCast(du, c), hn::Set(du, 0x7FFFFFFFU));
  const auto is_tiny = hn::Lt(hn::Sub(magnitude, hn::Set(du, 1U)), hn::Set(du, 0x01000000U));  // but not 0
  if (HWY_UNLIKELY(!hn::AllFalse(du, hn::Or(is_halfway, is_tiny)))) return fused_by_lane(d, a, b, c);
  return hn::Combine(d, hn::DemoteTo(half, high), hn::DemoteTo(half, low));
}
#endif
#endif

/// coefficients[0] + coefficients[1] x + ...
template <class D, class V, std::size_t N>
HWY_INLINE V polynomial(D d, V x, const hn::TFromD<D> (&coefficients)[N]) {
  V sum = hn::Set(d, coefficients[N - 1]);
  for (std::size_t i = N - 1; i-- > 0;) sum = fused(d, sum, x, hn::Set(d, coefficients[i]));
  return sum;
}

/// ln x = e ln 2 + ln m with m in [sqrt(1/2), sqrt(2)), for normal x > 0.
template <class V>
struct ExponentMantissa {
  V exponent;
  V mantissa;
};

template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 4) HWY_INLINE ExponentMantissa<V> split(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, x);
  const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(di, 0x3F3504F3)));
  return {hn::ConvertTo(d, exponent), hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(exponent)))};
}

template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 8) HWY_INLINE ExponentMantissa<V> split(D d, V x) {
  const hn::RebindToUnsigned<D> du;
  constexpr std::uint64_t kBias = 1024;  // keeps the exponent, from -1022 to 1024, positive
  const auto bits = hn::BitCast(du, x);
  const auto biased = hn::ShiftRight<52>(hn::Add(bits, hn::Set(du, (kBias << 52) - std::uint64_t{0x3FE6A09E667F3BCD})));
  // An integer below 2^52 becomes a double in the last bits of 2^52.
  const auto unit = hn::Set(d, 0x1p52);
  const auto exponent =
      hn::Sub(hn::BitCast(d, hn::Or(biased, hn::BitCast(du, unit))), hn::Add(unit, hn::Set(d, 1024.0)));
  const auto shifted = hn::Sub(bits, hn::ShiftLeft<52>(hn::Sub(biased, hn::Set(du, kBias))));
  return {exponent, hn::BitCast(d, shifted)};
}

/// ln x for normal x > 0. Absolute error below 1e-7 + 6e-8 |ln x|.
template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 4) HWY_INLINE V natural_log(D d, V x) {
  // (ln(1 + m) - m)/m^2 at Chebyshev nodes, error 2e-7
  constexpr float kLog[] = {-0.499999971F, 0.333336706F, -0.250011477F, 0.199720497F,
                            -0.165884885F, 0.148347868F, -0.14159647F,  0.0878726549F};
  const auto [exponent, mantissa] = split(d, x);
  const V m = hn::Sub(mantissa, hn::Set(d, 1.0F));
  const V log_mantissa = fused(d, hn::Mul(m, m), polynomial(d, m, kLog), m);
  return fused(d, exponent, hn::Set(d, 0.693147181F), log_mantissa);
}

/// ln x for normal x > 0. Absolute error below 2e-16 (1 + |ln x|).
template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 8) HWY_INLINE V natural_log(D d, V x) {
  // (ln((1 + s)/(1 - s)) - 2 s)/s^3 in s^2 at Chebyshev nodes, error 2e-18
  constexpr double kLog[] = {0.66666666666666666, 0.40000000000000877, 0.28571428570803612, 0.22222222391713924,
                             0.1818179564013239,  0.15386239702837647, 0.13268773138135981, 0.13086626152561004};
  const auto [exponent, mantissa] = split(d, x);
  const V one = hn::Set(d, 1.0);
  const V s = hn::Div(hn::Sub(mantissa, one), hn::Add(mantissa, one));
  const V s2 = hn::Mul(s, s);
  const V log_mantissa = fused(d, hn::Mul(s, s2), polynomial(d, s2, kLog), hn::Add(s, s));
  return fused(d, exponent, hn::Set(d, 0.69314718055994531), log_mantissa);
}

template <class V>
struct CosineSine {
  V cosine;
  V sine;
};

/// cos(pi x/4) and sin(pi x/4) for x in [-1, 1]. Absolute error below 1e-7.
template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 4) HWY_INLINE CosineSine<V> octant(D d, V x) {
  constexpr float kCosine[] = {0.999999972F, -0.308424252F, 0.0158499107F, -0.000318877475F};
  constexpr float kSine[] = {0.785398161F, -0.0807454347F, 0.0024900068F, -3.59542907e-5F};
  const V x2 = hn::Mul(x, x);
  return {polynomial(d, x2, kCosine), hn::Mul(x, polynomial(d, x2, kSine))};
}

/// As above, with an absolute error below 2e-16.
template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 8) HWY_INLINE CosineSine<V> octant(D d, V x) {
  constexpr double kCosine[] = {1.0,
                                -0.30842513753404245,
                                0.015854344243815419,
                                -0.00032599188692673764,
                                3.590860446027952e-6,
                                -2.4611364033652596e-8,
                                1.150051202821734e-10,
                                -3.858189007341628e-13};
  constexpr double kSine[] = {0.78539816339744831,    -0.080745512188280539, 0.0024903945701888438,
                              -3.6576204158913875e-5, 3.1336162254334162e-7, -1.7571500746983932e-9,
                              6.8773605731662548e-12};
  const V x2 = hn::Mul(x, x);
  return {polynomial(d, x2, kCosine), hn::Mul(x, polynomial(d, x2, kSine))};
}

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
