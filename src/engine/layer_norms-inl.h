// Sums over the neurons of a layer, on vectors whose lanes are networks.

#if defined(INITLAW_LAYER_NORMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_LAYER_NORMS_INL_H_
#undef INITLAW_LAYER_NORMS_INL_H_
#else
#define INITLAW_LAYER_NORMS_INL_H_
#endif

#include "engine/engine.hpp"
#include "random/elementary-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename Real>
using RealLanes = hn::CappedTag<Real, kBlock>;
using DoubleLanes = hn::CappedTag<double, kBlock>;

/// A double for each of a block's networks.
struct LaneArray {
  HWY_ALIGN double lane[kBlock] = {};
};

HWY_INLINE hn::Vec<DoubleLanes> load_as_double(const double* from) { return hn::Load(DoubleLanes(), from); }
HWY_INLINE hn::Vec<DoubleLanes> load_as_double(const float* from) {
  const hn::Rebind<float, DoubleLanes> df;
  return hn::PromoteTo(DoubleLanes(), hn::Load(df, from));
}

/// Sums over neurons, each lane of them a network. Few are added as Real, for speed; all of them as double.
template <class D>
class LaneSum {
 public:
  using V = hn::Vec<D>;

  HWY_INLINE LaneSum() : few_(hn::Zero(D())) {}

  HWY_INLINE void add(V x) { few_ = hn::Add(few_, x); }
  HWY_INLINE void add_square(V x) { add_product(x, x); }
  HWY_INLINE void add_product(V x, V y) { few_ = fused(D(), x, y, few_); }
  HWY_INLINE void add_one_if(hn::Mask<D> mask) {
    few_ = hn::Add(few_, hn::IfThenElseZero(mask, hn::Set(D(), hn::TFromD<D>{1})));
  }

  /// Adds the sum to `total`, and begins anew.
  HWY_INLINE void flush(LaneArray& total) {
    const D d;
    const DoubleLanes dd;
    HWY_ALIGN hn::TFromD<D> few[kBlock];
    hn::Store(few_, d, few);
    for (std::size_t i = 0; i < hn::Lanes(d); i += hn::Lanes(dd)) {
      double* lane = total.lane + i;
      hn::Store(hn::Add(hn::Load(dd, lane), load_as_double(few + i)), dd, lane);
    }
    few_ = hn::Zero(d);
  }

 private:
  V few_;
};

/// The norms of one layer's pre-activations y, from which everything that is recorded follows.
template <class D>
class LayerNorms {
 public:
  LaneArray square;    ///< ||y||^2
  LaneArray positive;  ///< ||relu(y)||^2
  LaneArray active;    ///< number of neurons with y > 0

  HWY_INLINE LayerNorms() {}

  HWY_INLINE void add(hn::Vec<D> y) {
    square_.add_square(y);
    positive_.add_square(hn::ZeroIfNegative(y));
    active_.add_one_if(hn::Gt(y, hn::Zero(D())));
  }
  HWY_INLINE void flush() {
    square_.flush(square);
    positive_.flush(positive);
    active_.flush(active);
  }

 private:
  LaneSum<D> square_;
  LaneSum<D> positive_;
  LaneSum<D> active_;
};

/// Neurons whose squares are summed as Real before they are summed as double.
constexpr std::size_t kFewNeurons = 32;

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
