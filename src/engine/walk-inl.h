// The O(n) step (docs/theory.md), layer after layer, on vectors whose lanes are networks.

#if defined(INITLAW_WALK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_WALK_INL_H_
#undef INITLAW_WALK_INL_H_
#else
#define INITLAW_WALK_INL_H_
#endif

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>

#include "engine/fast_setup.hpp"
#include "engine/layer_norms-inl.h"
#include "engine/layer_state.hpp"
#include "engine/tape.hpp"
#include "random/flips-inl.h"
#include "random/normal-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE void store_as(hn::Vec<DoubleLanes> v, double* to) { hn::Store(v, DoubleLanes(), to); }
HWY_INLINE void store_as(hn::Vec<DoubleLanes> v, float* to) {
  const hn::Rebind<float, DoubleLanes> df;
  hn::Store(hn::DemoteTo(df, v), df, to);
}

/// Writes the first `count` of four vectors, one after the other.
template <class Normals, typename Real>
HWY_INLINE void store_few(const Normals& g, Real* to, std::size_t count) {
  const RealLanes<Real> d;
  hn::Store(g.n0, d, to);
  if (count > 1) hn::Store(g.n1, d, to + hn::Lanes(d));
  if (count > 2) hn::Store(g.n2, d, to + 2 * hn::Lanes(d));
  if (count > 3) hn::Store(g.n3, d, to + 3 * hn::Lanes(d));
}

/// Some networks of a block, one a lane, on their way through the layers. In terms of y_l = s_l z_l (neuron by neuron),
/// where s_l are the signs, as the residual term is normal and symmetric,
///
///     y_l = a_l F_l y_{l-1} + sqrt(t_l/n) ||phi(y_{l-1})|| g_l,      F_l = s_l s_{l-1} = -1 with probability `flip`,
///
/// has the law of the network's step divided by r_l. The factors r_l are accounted for in the log-norm.
template <typename Real, class Flips>
class Walk {
 public:
  Walk(const FastSetup& setup, std::uint64_t first, Flips flips, Block& block, std::size_t offset, Tape<Real>& tape)
      : setup_(setup),
        positive_slope2_(std::pow(Activation(setup.network.leak()).slope(1.0), 2)),
        negative_slope2_(std::pow(Activation(setup.network.leak()).slope(-1.0), 2)),
        normals_(setup.seed, first, kFastNormals<Real>),
        flips_(flips),
        block_(block),
        offset_(offset),
        tape_(tape) {}

  void run() {
    const Network& network = setup_.network;
    std::fill_n(residual_, kBlock, static_cast<Real>(setup_.sign));
    LayerNorms<D> norms = step<NoFlips>(0, 0);
    for (std::size_t l = 1; l <= network.depth(); ++l) {
      record(norms, l - 1);
      if (all_dead(norms)) {
        alive_ = false;
        break;
      }
      set_scales(norms, l);
      norms = step<Flips>(l - 1, l);
    }
    record_log_norm(norms, network.depth());
    sample_output();
  }

  /// False if all of the networks died, so that the walk ended before the last layer.
  bool alive() const { return alive_; }
  /// The streams of normals, where the walk ended.
  const NormalLanes<RealLanes<Real>>& normals() const { return normals_; }

 private:
  using D = RealLanes<Real>;
  using V = hn::Vec<D>;
  using VD = hn::Vec<DoubleLanes>;

  static std::size_t kLanes() { return hn::Lanes(D()); }

  /// y_l = skip F y_from + residual g, F the flips.
  template <class FlipsHere>
  LayerNorms<D> step(std::size_t from, std::size_t l) {
    const std::size_t width = setup_.network.width(l);
    from_ = tape_.y(from);
    to_ = tape_.y(l);
    flip_bits_ = tape_.flips(l);
    LayerNorms<D> norms;
    std::size_t i = 0;
    while (i + 4 <= width) {
      const std::size_t few = std::min(i + kFewNeurons, width / 4 * 4);
      for (; i < few; i += 4) update<FlipsHere, 4>(i, norms);
      norms.flush();
    }
    if (width - i == 1) update<FlipsHere, 1>(i, norms);
    if (width - i == 2) update<FlipsHere, 2>(i, norms);
    if (width - i == 3) update<FlipsHere, 3>(i, norms);
    norms.flush();
    return norms;
  }

  template <class FlipsHere, int kCount>
  HWY_INLINE void update(std::size_t i, LayerNorms<D>& norms) {
    const auto g = normals_.next();
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

  /// Calls body(lane index, the norms' square with 1 for dead networks, which lanes are dead).
  template <class Body>
  HWY_INLINE void for_lanes(const LayerNorms<D>& norms, const Body& body) {
    const DoubleLanes dd;
    for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
      const VD square = hn::Load(dd, norms.square.lane + i);
      const auto dead = hn::Eq(square, hn::Zero(dd));
      body(i, hn::IfThenElse(dead, hn::Set(dd, 1.0), square), dead);
    }
  }

  static bool all_dead(const LayerNorms<D>& norms) {
    return std::all_of(norms.square.lane, norms.square.lane + kLanes(), [](double square) { return square == 0; });
  }

  void record(const LayerNorms<D>& norms, std::size_t l) {
    const DoubleLanes dd;
    const VD b = hn::Set(dd, setup_.network.asymmetry());
    const VD n = hn::Set(dd, static_cast<double>(setup_.network.width(l)));
    for_lanes(norms, [&](std::size_t i, VD square, hn::Mask<DoubleLanes> dead) HWY_ATTR {
      const VD positive = hn::Load(dd, norms.positive.lane + i);
      // S = b sum y|y| / ||y||^2, since phi(y)^2 = y^2 (1 + b sgn y)
      const VD S = hn::Mul(b, hn::Div(hn::Sub(hn::Add(positive, positive), square), square));
      const std::size_t element = l * kBlock + offset_ + i;
      hn::StoreU(hn::IfThenZeroElse(dead, S), dd, &block_.S[element]);
      hn::StoreU(hn::Div(hn::Load(dd, norms.active.lane + i), n), dd, &block_.active[element]);
    });
    record_log_norm(norms, l);
  }

  void record_log_norm(const LayerNorms<D>& norms, std::size_t l) {
    const DoubleLanes dd;
    const VD n = hn::Set(dd, static_cast<double>(setup_.network.width(l)));
    const VD dead_value = hn::Set(dd, l == setup_.network.depth() ? -std::numeric_limits<double>::infinity() : 0.0);
    for_lanes(norms, [&](std::size_t i, VD square, hn::Mask<DoubleLanes> dead) HWY_ATTR {
      const VD log_norm2 = hn::Add(hn::Load(dd, log_scale_.lane + i), natural_log(dd, hn::Div(square, n)));
      hn::StoreU(hn::IfThenElse(dead, dead_value, log_norm2), dd, &block_.log_norm2[l * kBlock + offset_ + i]);
    });
  }

  /// The scales of layer l's step, given the norms of layer l - 1.
  void set_scales(const LayerNorms<D>& norms, std::size_t l) {
    const DoubleLanes dd;
    const LayerScale& layer = setup_.layers[l - 1];
    const VD n = hn::Set(dd, static_cast<double>(setup_.network.width(l - 1)));
    const BranchGrowth growth = branch_growth(l);
    for_lanes(norms, [&](std::size_t i, VD square, hn::Mask<DoubleLanes> dead) HWY_ATTR {
      const VD phi2 = activated_square(square, hn::Load(dd, norms.positive.lane + i));
      const VD branch2 = hn::Div(hn::Mul(phi2, hn::Load(dd, growth.value.lane + i)), n);
      const VD branch = hn::Mul(hn::Sqrt(branch2), hn::Load(dd, growth.unit.lane + i));
      const VD residual = hn::IfThenZeroElse(dead, hn::Mul(hn::Set(dd, setup_.sign * layer.sqrt_t), branch));
      const VD skipped = hn::Mul(hn::Set(dd, layer.a), hn::Sqrt(hn::Div(square, n)));
      const VD factor = keep_in_range(hn::Max(hn::Abs(skipped), hn::Abs(residual)), i);
      double* log_scale = log_scale_.lane + i;
      const VD log_added = hn::Add(hn::Set(dd, layer.log_r2), hn::Load(dd, growth.log_unit2.lane + i));
      hn::Store(hn::Add(hn::Load(dd, log_scale), log_added), dd, log_scale);
      store_as(hn::Mul(hn::Set(dd, layer.a), factor), skip_ + i);
      store_as(hn::Mul(residual, factor), residual_ + i);
    });
    tape_.keep_scales(l, skip_, residual_);
  }

  /// ||phi(y)||^2, given ||y||^2 and that of the positive part.
  HWY_INLINE VD activated_square(VD square, VD positive) const {
    const DoubleLanes dd;
    return fused(dd, hn::Set(dd, positive_slope2_), positive,
                 hn::Mul(hn::Set(dd, negative_slope2_), hn::Sub(square, positive)));
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
    return factor;
  }

  /// The factor by which the branch's inner layers change ||phi||^2: value unit^2 e^log_unit2. In deep branches a
  /// double may not hold it; a unit that is common to the whole layer is then kept as a logarithm.
  struct BranchGrowth {
    LaneArray value;
    LaneArray unit;
    LaneArray log_unit2;
  };

  /// Takes powers of two out of numbers that near the end of a double's range.
  static void keep_in_range(BranchGrowth& growth, bool whole_layer) {
    for (std::size_t i = 0; i < kLanes(); ++i) {
      double& value = growth.value.lane[i];
      if (value == 0 || std::abs(std::ilogb(value)) < 500) continue;
      const int half = std::ilogb(value) / 2;
      value = std::ldexp(value, -2 * half);
      if (whole_layer) {
        growth.log_unit2.lane[i] += 2 * half * std::numbers::ln2;
      } else {
        growth.unit.lane[i] = std::ldexp(growth.unit.lane[i], half);
      }
    }
  }

  /// Each inner layer maps ||phi||^2 to its product with the mean of phi(g)^2.
  BranchGrowth branch_growth(std::size_t l) {
    const DoubleLanes dd;
    const std::size_t width = setup_.network.width(1);
    BranchGrowth growth;
    std::fill_n(growth.value.lane, kBlock, 1.0);
    std::fill_n(growth.unit.lane, kBlock, 1.0);
    for (std::size_t inner = 1; inner < setup_.network.branch_depth(); ++inner) {
      const LayerNorms<D> norms = norms_of_normals(width, tape_.inner(l, inner));
      for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
        const VD square = hn::Load(dd, norms.square.lane + i);
        const VD positive = hn::Load(dd, norms.positive.lane + i);
        const VD mean = hn::Div(activated_square(square, positive), hn::Set(dd, static_cast<double>(width)));
        hn::Store(hn::Mul(hn::Load(dd, growth.value.lane + i), mean), dd, growth.value.lane + i);
      }
      constexpr std::size_t kSeldom = 64;
      if (inner % kSeldom == 0) keep_in_range(growth, setup_.layers[l - 1].a == 0);
    }
    return growth;
  }

  /// The norms of fresh normals, which are written to `kept` if it is not null.
  LayerNorms<D> norms_of_normals(std::size_t count, Real* kept = nullptr) {
    LayerNorms<D> norms;
    for (std::size_t i = 0; i < count; i += 4) {
      const auto g = normals_.next();
      if (kept != nullptr) store_few(g, kept + i * kLanes(), count - i);
      norms.add(g.n0);
      if (i + 1 < count) norms.add(g.n1);
      if (i + 2 < count) norms.add(g.n2);
      if (i + 3 < count) norms.add(g.n3);
      if (i % kFewNeurons == 0) norms.flush();
    }
    norms.flush();
    return norms;
  }

  void sample_output() {
    const DoubleLanes dd;
    // Another stream with the same counter would repeat numbers, so this one goes on.
    NormalLanes<D> first_of_output = normals_;
    HWY_ALIGN Real output[kBlock];
    hn::Store(first_of_output.next().n0, D(), output);
    std::copy_n(output, kLanes(), block_.output.begin() + static_cast<std::ptrdiff_t>(offset_));
    const LayerNorms<D> norms = norms_of_normals(setup_.network.outputs());
    for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
      hn::StoreU(natural_log(dd, hn::Load(dd, norms.square.lane + i)), dd, &block_.log_output_norm2[offset_ + i]);
    }
  }

  const FastSetup& setup_;
  double positive_slope2_;
  double negative_slope2_;
  NormalLanes<D> normals_;
  Flips flips_;
  Block& block_;
  std::size_t offset_;
  Tape<Real>& tape_;
  const Real* from_ = nullptr;
  Real* to_ = nullptr;
  std::uint8_t* flip_bits_ = nullptr;
  bool alive_ = true;
  HWY_ALIGN Real skip_[kBlock] = {};
  HWY_ALIGN Real residual_[kBlock] = {};
  LaneArray log_scale_;
};

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
