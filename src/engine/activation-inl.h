// Squares of smooth activations on vectors, with the same bits on every target (elementary-inl.h).

#if defined(INITLAW_ACTIVATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_ACTIVATION_INL_H_
#undef INITLAW_ACTIVATION_INL_H_
#else
#define INITLAW_ACTIVATION_INL_H_
#endif

#include "initlaw/architecture.hpp"
#include "random/elementary-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// e^x for x <= 0, and 0 where that is below the normal numbers. Relative error below 2e-7.
template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 4) HWY_INLINE V exponential(D d, V x) {
  constexpr float kTaylor[] = {1.0F,          1.0F,           0.5F,           0.166666667F,
                               0.0416666667F, 0.00833333333F, 0.00138888889F, 0.000198412698F};
  const hn::RebindToSigned<D> di;
  const V lowest = hn::Set(d, -87.0F);
  const V clamped = hn::Max(x, lowest);
  const V exponent = hn::Round(hn::Mul(clamped, hn::Set(d, 1.44269504F)));
  const V high = fused(d, exponent, hn::Set(d, -0.693115234375F), clamped);
  const V rest = fused(d, exponent, hn::Set(d, -3.1946184945309415e-05F), high);
  const V power = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, exponent), hn::Set(di, 127))));
  return hn::IfThenElseZero(hn::Ge(x, lowest), hn::Mul(polynomial(d, rest, kTaylor), power));
}

/// As above, with a relative error below 4e-16.
template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 8) HWY_INLINE V exponential(D d, V x) {
  constexpr double kTaylor[] = {1.0,
                                1.0,
                                0.5,
                                0.16666666666666666,
                                0.041666666666666664,
                                0.0083333333333333332,
                                0.0013888888888888889,
                                0.00019841269841269841,
                                2.4801587301587302e-05,
                                2.7557319223985893e-06,
                                2.7557319223985888e-07,
                                2.505210838544172e-08,
                                2.08767569878681e-09,
                                1.6059043836821613e-10};
  const hn::RebindToUnsigned<D> du;
  const V lowest = hn::Set(d, -708.0);
  const V clamped = hn::Max(x, lowest);
  const V exponent = hn::Round(hn::Mul(clamped, hn::Set(d, 1.4426950408889634)));
  const V high = fused(d, exponent, hn::Set(d, -0.69314718036912382), clamped);
  const V rest = fused(d, exponent, hn::Set(d, -1.9082149292705877e-10), high);
  // A whole number below 2^51 stands in the last bits of 1.5 2^52 and it.
  const auto bits = hn::BitCast(du, hn::Add(exponent, hn::Set(d, 0x1.8p52 + 1023)));
  const V power = hn::BitCast(d, hn::ShiftLeft<52>(bits));
  return hn::IfThenElseZero(hn::Ge(x, lowest), hn::Mul(polynomial(d, rest, kTaylor), power));
}

/// The normal distribution function. Absolute error below 1.2e-7.
template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 4) HWY_INLINE V normal_distribution(D d, V x) {
  // (Phi(x) - 1/2)/x in x^2, of which 0 to 5.3^2 is mapped to -1 to 1, at Chebyshev nodes. Beyond, Phi is a float's 1.
  constexpr float kPhi[] = {0.133392561F,   -0.0665185519F,  0.0492644036F,   -0.0395874419F,   0.0320748903F,
                            -0.0253118069F, 0.0189583347F,   -0.0131337005F,  0.00872179256F,   -0.00594495537F,
                            0.00331082989F, -0.00101232869F, 0.000589668575F, -0.000792539903F, 0.000328462433F};
  constexpr float kReach = 5.3F;
  const V inside = hn::Max(hn::Min(x, hn::Set(d, kReach)), hn::Set(d, -kReach));
  const V mapped = fused(d, hn::Mul(inside, inside), hn::Set(d, 2 / (kReach * kReach)), hn::Set(d, -1.0F));
  return fused(d, inside, polynomial(d, mapped, kPhi), hn::Set(d, 0.5F));
}

/// e^{x^2} (1 - erf x) for x >= 0. Absolute error below 4e-16.
template <class D, class V>
HWY_INLINE V scaled_complementary_error(D d, V x) {
  // in t = (x - 2.5)/(x + 2.5) at Chebyshev nodes
  constexpr double kErfc[] = {
      0.21080636406114361,    -0.37173673394897339,    0.25171319321744051,     -0.12503305237882445,
      0.039922539076014868,   -0.0039937011660979814,  -0.0026423659728157002,  0.00087591545491737851,
      0.00022838047353356439, -0.00012887722225933806, -3.4182964354056888e-05, 1.8614769447322862e-05,
      7.5569151054483105e-06, -2.2989988142231081e-06, -1.8211381937552404e-06, 7.6444603571927985e-08,
      3.9740858572897822e-07, 8.6574545422717361e-08,  -6.8341341377872551e-08, -3.6952994042957267e-08,
      7.6170050346918966e-09, 8.3143745646636494e-09,  -3.5212383272690327e-10, -8.8992487131848148e-10};
  const V shift = hn::Set(d, 2.5);
  return polynomial(d, hn::Div(hn::Sub(x, shift), hn::Add(x, shift)), kErfc);
}

/// As above, with an absolute error below 4e-16.
template <class D, class V>
requires(sizeof(hn::TFromD<D>) == 8) HWY_INLINE V normal_distribution(D d, V x) {
  const V size = hn::Mul(hn::Abs(x), hn::Set(d, 0.70710678118654752));
  const V tail = hn::Mul(hn::Mul(hn::Set(d, 0.5), exponential(d, hn::Neg(hn::Mul(size, size)))),
                         scaled_complementary_error(d, size));
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), tail, hn::Sub(hn::Set(d, 1.0), tail));
}

/// phi(x)^2 of a smooth activation, unscaled. Absolute error below 5e-7 (1 + x^2) in float, 2e-15 (1 + x^2) in double.
template <Activation kActivation, class D, class V>
HWY_INLINE V squared_activation(D d, V x) {
  using Real = hn::TFromD<D>;
  const V one = hn::Set(d, Real{1});
  V phi;
  if constexpr (kActivation == Activation::kGelu) {
    phi = hn::Mul(x, normal_distribution(d, x));
  } else if constexpr (kActivation == Activation::kSilu) {
    const V tail = exponential(d, hn::Neg(hn::Abs(x)));
    const auto is_negative = hn::Lt(x, hn::Zero(d));
    phi = hn::Div(hn::Mul(x, hn::IfThenElse(is_negative, tail, one)), hn::Add(one, tail));
  } else if constexpr (kActivation == Activation::kTanh) {
    const V tail = exponential(d, hn::Mul(hn::Set(d, Real{-2}), hn::Abs(x)));
    phi = hn::Div(hn::Sub(one, tail), hn::Add(one, tail));
  } else {
    static_assert(kActivation == Activation::kErf);
    const V distribution = normal_distribution(d, hn::Mul(x, hn::Set(d, Real(1.4142135623730951))));
    phi = fused(d, distribution, hn::Set(d, Real{2}), hn::Neg(one));
  }
  return hn::Mul(phi, phi);
}

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
