// The O(n) step (docs/theory.md), layer after layer, on vectors whose lanes are networks.

#if defined(INITLAW_WALK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_WALK_INL_H_
#undef INITLAW_WALK_INL_H_
#else
#define INITLAW_WALK_INL_H_
#endif

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "engine/lane_buffer.hpp"
#include "engine/network_lanes-inl.h"
#include "random/flips-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Some networks of a block, one a lane, on their way through the layers. In terms of y_l = s_l z_l (neuron by neuron),
/// where s_l are the signs, as the residual term is normal and symmetric,
///
///     y_l = a_l F_l y_{l-1} + sqrt(t_l/n) ||phi(y_{l-1})|| g_l,      F_l = s_l s_{l-1} = -1 with probability `flip`,
///
/// has the law of the network's step divided by r_l. The factors r_l are accounted for in the log-norm. Where branches
/// are normalized, ||phi(y)|| is that of y sqrt(n)/||y||, and a_l, t_l are those of LayerScale.
template <typename Real, class Flips>
class Walk : public NetworkLanes<Real> {
 public:
  Walk(const FastSetup& setup, std::uint64_t first, Flips flips, Block& block, std::size_t offset, Tape<Real>& tape)
      : Base(setup, first, block, offset, tape), flips_(flips) {
    const auto& architecture = setup.network.architecture();
    if (architecture.weights == Weights::kOrthogonal || architecture.input_layer == InputLayer::kOrthogonal) {
      direction_ = make_lane_buffer<Real>((setup.widest + 3) * kLanes());
    }
  }

  void run() {
    const Network& network = setup_.network;
    std::fill_n(residual_, kBlock, static_cast<Real>(setup_.sign));
    LayerNorms<D> norms = network.architecture().input_layer == InputLayer::kOrthogonal ? orthogonal_step<NoFlips>(0, 0)
                                                                                        : gaussian_step<NoFlips>(0, 0);
    for (std::size_t l = 1; l <= network.depth(); ++l) {
      const LaneArray activated = Base::activated_squares(norms, l - 1);
      record(norms, activated, l - 1);
      if (Base::all_dead(norms.square)) {
        alive_ = false;
        break;
      }
      set_scales(norms, activated, l);
      norms = network.architecture().weights == Weights::kOrthogonal ? orthogonal_step<Flips>(l - 1, l)
                                                                     : gaussian_step<Flips>(l - 1, l);
    }
    record_log_norm(norms, network.depth());
    Base::sample_output();
  }

 private:
  using Base = NetworkLanes<Real>;
  using Base::alive_;
  using Base::block_;
  using Base::kLanes;
  using Base::log_scale_;
  using Base::normals_;
  using Base::offset_;
  using Base::setup_;
  using Base::tape_;
  using typename Base::D;
  using typename Base::V;
  using typename Base::VD;

  template <class FlipsHere>
  LayerNorms<D> gaussian_step(std::size_t from, std::size_t l) {
    return step<FlipsHere>(from, l, [this](std::size_t) HWY_ATTR { return normals_.next(); });
  }

  /// The same with normals that are scaled to ||g||^2 = n: a uniformly distributed direction.
  template <class FlipsHere>
  LayerNorms<D> orthogonal_step(std::size_t from, std::size_t l) {
    const DoubleLanes dd;
    const std::size_t width = setup_.network.width(l);
    const LayerNorms<D> norms = Base::norms_of_normals(width, direction_.get());
    const VD n = hn::Set(dd, static_cast<double>(width));
    HWY_ALIGN Real factor[kBlock];
    for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
      store_as(hn::Sqrt(hn::Div(n, hn::Load(dd, norms.square.lane + i))), factor + i);
    }
    const D d;
    hn::Store(hn::Mul(hn::Load(d, residual_), hn::Load(d, factor)), d, residual_);
    return step<FlipsHere>(from, l, [this, d](std::size_t i) HWY_ATTR {
      const Real* g = direction_.get() + i * hn::Lanes(d);
      return typename NormalLanes<D>::Normals{hn::Load(d, g), hn::Load(d, g + hn::Lanes(d)),
                                              hn::Load(d, g + 2 * hn::Lanes(d)), hn::Load(d, g + 3 * hn::Lanes(d))};
    });
  }

  /// y_l = skip F y_from + residual g, F the flips. `next(i)` gives the g of neurons i to i + 3.
  template <class FlipsHere, class Next>
  LayerNorms<D> step(std::size_t from, std::size_t l, const Next& next) {
    const std::size_t width = setup_.network.width(l);
    from_ = tape_.y(from);
    to_ = tape_.y(l);
    flip_bits_ = tape_.flips(l);
    LayerNorms<D> norms;
    std::size_t i = 0;
    while (i + 4 <= width) {
      const std::size_t few = std::min(i + kFewNeurons, width / 4 * 4);
      for (; i < few; i += 4) update<FlipsHere, 4>(i, next(i), norms);
      norms.flush();
    }
    if (width - i == 1) update<FlipsHere, 1>(i, next(i), norms);
    if (width - i == 2) update<FlipsHere, 2>(i, next(i), norms);
    if (width - i == 3) update<FlipsHere, 3>(i, next(i), norms);
    norms.flush();
    return norms;
  }

  template <class FlipsHere, int kCount, class Normals>
  HWY_INLINE void update(std::size_t i, const Normals& g, LayerNorms<D>& norms) {
    if constexpr (std::is_same_v<FlipsHere, NoFlips>) {
      const auto keep = [](V y) HWY_ATTR { return y; };
      update_neuron(i, keep, g.n0, norms);
      if constexpr (kCount > 1) update_neuron(i + 1, keep, g.n1, norms);
      if constexpr (kCount > 2) update_neuron(i + 2, keep, g.n2, norms);
      if constexpr (kCount > 3) update_neuron(i + 3, keep, g.n3, norms);
    } else {
      const auto signs = flips_.next();
      const auto flip_by = [](auto sign)
                               HWY_ATTR { return [sign](V y) HWY_ATTR { return hn::Xor(y, hn::BitCast(D(), sign)); }; };
      update_neuron(i, flip_by(signs.s0), g.n0, norms);
      if constexpr (kCount > 1) update_neuron(i + 1, flip_by(signs.s1), g.n1, norms);
      if constexpr (kCount > 2) update_neuron(i + 2, flip_by(signs.s2), g.n2, norms);
      if constexpr (kCount > 3) update_neuron(i + 3, flip_by(signs.s3), g.n3, norms);
      if (flip_bits_ != nullptr) {
        keep_flip(i, signs.s0);
        if constexpr (kCount > 1) keep_flip(i + 1, signs.s1);
        if constexpr (kCount > 2) keep_flip(i + 2, signs.s2);
        if constexpr (kCount > 3) keep_flip(i + 3, signs.s3);
      }
    }
  }

  template <class VU>
  HWY_INLINE void keep_flip(std::size_t i, VU sign) {
    const D d;
    hn::StoreMaskBits(d,
                      hn::MaskFromVec(hn::BitCast(d, hn::BroadcastSignBit(hn::BitCast(hn::RebindToSigned<D>(), sign)))),
                      flip_bits_ + i * Tape<Real>::kFlipBytes);
  }

  template <class Flip>
  HWY_INLINE void update_neuron(std::size_t i, const Flip& flip, V g, LayerNorms<D>& norms) {
    const D d;
    const std::size_t neuron = i * hn::Lanes(d);
    const V y = fused(d, hn::Load(d, skip_), flip(hn::Load(d, from_ + neuron)), hn::Mul(hn::Load(d, residual_), g));
    hn::Store(y, d, to_ + neuron);
    norms.add(y);
  }

  void record(const LayerNorms<D>& norms, const LaneArray& activated, std::size_t l) {
    const DoubleLanes dd;
    const VD b = hn::Set(dd, setup_.network.asymmetry());
    const VD n = hn::Set(dd, static_cast<double>(setup_.network.width(l)));
    Base::for_lanes(norms.square, [&](std::size_t i, VD square, hn::Mask<DoubleLanes> dead) HWY_ATTR {
      const VD positive = hn::Load(dd, norms.positive.lane + i);
      // S = b sum y|y| / ||y||^2, since phi(y)^2 = y^2 (1 + b sgn y)
      const VD S = setup_.phi.is_homogeneous()
                       ? hn::Mul(b, hn::Div(hn::Sub(hn::Add(positive, positive), square), square))
                       : hn::Sub(hn::Div(hn::Load(dd, activated.lane + i), n), hn::Set(dd, 1.0));
      const std::size_t element = l * kBlock + offset_ + i;
      hn::StoreU(hn::IfThenZeroElse(dead, S), dd, &block_.S[element]);
      hn::StoreU(hn::Div(hn::Load(dd, norms.active.lane + i), n), dd, &block_.active[element]);
    });
    record_log_norm(norms, l);
  }

  void record_log_norm(const LayerNorms<D>& norms, std::size_t l) {
    Base::record_log_norm(norms.square, static_cast<double>(setup_.network.width(l)), l);
  }

  /// The scales of layer l's step, given the norms of layer l - 1.
  void set_scales(const LayerNorms<D>& norms, const LaneArray& activated, std::size_t l) {
    const DoubleLanes dd;
    const LayerScale& layer = setup_.layers[l - 1];
    const VD n = hn::Set(dd, static_cast<double>(setup_.network.width(l - 1)));
    const auto growth = Base::branch_growth(l, 1);
    Base::for_lanes(norms.square, [&](std::size_t i, VD square, hn::Mask<DoubleLanes> dead) HWY_ATTR {
      const VD phi2 = hn::Load(dd, activated.lane + i);
      const VD branch2 = hn::Div(hn::Mul(phi2, hn::Load(dd, growth.value.lane + i)), n);
      const VD branch = hn::Mul(hn::Sqrt(branch2), hn::Load(dd, growth.unit.lane + i));
      const VD residual = hn::IfThenZeroElse(dead, hn::Mul(hn::Set(dd, setup_.sign * layer.sqrt_t), branch));
      const VD skip = hn::Mul(hn::Set(dd, layer.a), leave_unit(residual, i));
      const VD skipped = hn::Mul(skip, hn::Sqrt(hn::Div(square, n)));
      const VD factor = keep_in_range(hn::Max(hn::Abs(skipped), hn::Abs(residual)), i);
      double* log_scale = log_scale_.lane + i;
      const VD log_added = hn::Add(hn::Set(dd, layer.log_r2), hn::Load(dd, growth.log_unit2.lane + i));
      hn::Store(hn::Add(hn::Load(dd, log_scale), log_added), dd, log_scale);
      store_as(hn::Mul(skip, factor), skip_ + i);
      store_as(hn::Mul(residual, factor), residual_ + i);
    });
    tape_.keep_scales(l, skip_, residual_);
  }

  /// The factor by which y returns to the unit of its layers, if it has left it: a normalized branch, where it passes
  /// anything, does not follow y into another.
  HWY_INLINE VD leave_unit(VD residual, std::size_t i) {
    const DoubleLanes dd;
    const VD one = hn::Set(dd, 1.0);
    if (!setup_.network.is_normalized()) return one;
    const VD log_unit = hn::Load(dd, log_unit_.lane + i);
    const auto leaves = hn::And(hn::Ne(log_unit, hn::Zero(dd)), hn::Ne(residual, hn::Zero(dd)));
    if (hn::AllFalse(dd, leaves)) return one;
    double* log_scale = log_scale_.lane + i;
    const VD left = hn::IfThenElseZero(leaves, log_unit);
    hn::Store(hn::Add(hn::Load(dd, log_scale), hn::Add(left, left)), dd, log_scale);
    hn::Store(hn::IfThenZeroElse(leaves, log_unit), dd, log_unit_.lane + i);
    return exponential(dd, hn::Neg(left));
  }

  /// The power of two that keeps the next pre-activations, whose size is about `size`, of order 1 if that lies outside
  /// 2^-30..2^30, else 1. Its logarithm is kept apart.
  HWY_INLINE VD keep_in_range(VD size, std::size_t i) {
    const DoubleLanes dd;
    const hn::RebindToUnsigned<DoubleLanes> du;
    const auto out_of_range = hn::Or(hn::Gt(size, hn::Set(dd, 0x1p30)), hn::Lt(size, hn::Set(dd, 0x1p-30)));
    if (hn::AllFalse(dd, out_of_range)) return hn::Set(dd, 1.0);
    // The biased exponent of 2^-e, where e + 1023 is that of the size.
    const auto biased = hn::ShiftRight<52>(hn::BitCast(du, size));
    const VD power = hn::BitCast(dd, hn::ShiftLeft<52>(hn::Sub(hn::Set(du, std::uint64_t{2046}), biased)));
    const VD factor = hn::IfThenElse(out_of_range, power, hn::Set(dd, 1.0));
    double* log_scale = log_scale_.lane + i;
    const VD log_factor = natural_log(dd, factor);
    hn::Store(hn::Sub(hn::Load(dd, log_scale), hn::Add(log_factor, log_factor)), dd, log_scale);
    double* log_unit = log_unit_.lane + i;
    hn::Store(hn::Add(hn::Load(dd, log_unit), log_factor), dd, log_unit);
    return factor;
  }

  Flips flips_;
  LaneArray log_unit_;          ///< ln of what keeping it in range has multiplied y by
  LaneBuffer<Real> direction_;  ///< of the branch of orthogonal weights
  const Real* from_ = nullptr;
  Real* to_ = nullptr;
  std::uint8_t* flip_bits_ = nullptr;
  HWY_ALIGN Real skip_[kBlock] = {};
  HWY_ALIGN Real residual_[kBlock] = {};
};

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
