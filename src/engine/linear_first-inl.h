// Networks of linear-first branches, of which nothing but the norms need be known, on vectors whose lanes are networks.

#if defined(INITLAW_LINEAR_FIRST_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_LINEAR_FIRST_INL_H_
#undef INITLAW_LINEAR_FIRST_INL_H_
#else
#define INITLAW_LINEAR_FIRST_INL_H_
#endif

#include <algorithm>

#include "engine/network_lanes-inl.h"
#include "random/uniform-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Some networks of a block, one a lane. Given z_{l-1}, W_1 z_{l-1} is ||z_{l-1}||/sqrt(n) times normals, and what the
/// last matrix makes of them has a uniformly distributed direction. So with q_l = ||z_l||^2/n, in units of r_l,
///
///     q_l = (a_l sqrt(q_{l-1}) + rho_l g)^2 + rho_l^2 chi^2_{n-1},      rho_l^2 = (t_l/n) q_{l-1} (mean of phi(g)^2)
///     ...
///
/// with a factor for each inner layer, and without q_{l-1} where branches are normalized (docs/architectures.md). The
/// chi-square is made of (n-1)/2 uniform numbers: -2 ln of their product.
template <typename Real>
class LinearFirstWalk : public NetworkLanes<Real> {
 public:
  LinearFirstWalk(const FastSetup& setup, std::uint64_t first, Block& block, std::size_t offset, Tape<Real>& tape)
      : Base(setup, first, block, offset, tape), uniforms_(setup.seed, first, kFastUniforms<Real>) {}

  void run() {
    const Network& network = setup_.network;
    start();
    for (std::size_t l = 1; l <= network.depth(); ++l) {
      const InnerLayer inner = inner_layer();
      record(inner, l - 1);
      if (Base::all_dead(q_)) {
        alive_ = false;
        break;
      }
      step(inner, l);
    }
    Base::record_log_norm(q_, 1, network.depth());
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
  using typename Base::D;
  using typename Base::V;
  using typename Base::VD;

  /// What the activation sees of fresh normals, the first of a branch.
  struct InnerLayer {
    LaneArray mean_square;  ///< of phi(g)
    LaneArray active;       ///< share of neurons with g > 0
  };

  void start() {
    const DoubleLanes dd;
    const std::size_t n = setup_.network.width(0);
    if (setup_.network.architecture().input_layer == InputLayer::kOrthogonal) {
      std::fill_n(q_.lane, kBlock, 1.0);
      return;
    }
    const LaneArray chi_square = sample_chi_square(n, normals_.next().n0);
    for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
      hn::Store(hn::Div(hn::Load(dd, chi_square.lane + i), hn::Set(dd, static_cast<double>(n))), dd, q_.lane + i);
    }
    if (!setup_.network.is_normalized()) take_logarithm();
  }

  InnerLayer inner_layer() {
    const DoubleLanes dd;
    const std::size_t m = setup_.network.branch_width();
    InnerLayer inner;
    if (setup_.phi.is_homogeneous()) {
      const LayerNorms<D> norms = Base::norms_of_normals(m);
      inner.active = norms.active;
      for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
        hn::Store(Base::activated_square(hn::Load(dd, norms.square.lane + i), hn::Load(dd, norms.positive.lane + i)),
                  dd, inner.mean_square.lane + i);
      }
    } else {
      const auto sums = Base::activated_sums(m, [this](std::size_t) HWY_ATTR { return normals_.next(); });
      inner = {sums.square, sums.active};
    }
    const VD count = hn::Set(dd, static_cast<double>(m));
    for (LaneArray* sum : {&inner.mean_square, &inner.active}) {
      for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
        hn::Store(hn::Div(hn::Load(dd, sum->lane + i), count), dd, sum->lane + i);
      }
    }
    return inner;
  }

  void record(const InnerLayer& inner, std::size_t l) {
    const DoubleLanes dd;
    Base::for_lanes(q_, [&](std::size_t i, VD, hn::Mask<DoubleLanes> dead) HWY_ATTR {
      const VD S = hn::Sub(hn::Load(dd, inner.mean_square.lane + i), hn::Set(dd, 1.0));
      const std::size_t element = l * kBlock + offset_ + i;
      hn::StoreU(hn::IfThenZeroElse(dead, S), dd, &block_.S[element]);
      hn::StoreU(hn::Load(dd, inner.active.lane + i), dd, &block_.active[element]);
    });
    Base::record_log_norm(q_, 1, l);
  }

  void step(const InnerLayer& inner, std::size_t l) {
    const DoubleLanes dd;
    const LayerScale& layer = setup_.layers[l - 1];
    const std::size_t n = setup_.network.width(l);
    const auto growth = Base::branch_growth(l, 2);
    const auto g = normals_.next();
    const LaneArray along = to_lanes(g.n0);
    const LaneArray across = sample_chi_square(n - 1, g.n1);
    const VD t_per_neuron = hn::Set(dd, layer.t() / static_cast<double>(n));
    Base::for_lanes(q_, [&](std::size_t i, VD before, hn::Mask<DoubleLanes> dead) HWY_ATTR {
      const VD unit = hn::Load(dd, growth.unit.lane + i);
      const VD mean = hn::Mul(hn::Load(dd, inner.mean_square.lane + i), hn::Load(dd, growth.value.lane + i));
      const VD branch2 = hn::Mul(hn::Mul(t_per_neuron, mean), hn::Mul(unit, unit));
      const VD rho2 = setup_.network.is_normalized() ? branch2 : hn::Mul(branch2, before);
      const VD ahead =
          fused(dd, hn::Sqrt(rho2), hn::Load(dd, along.lane + i), hn::Mul(hn::Set(dd, layer.a), hn::Sqrt(before)));
      const VD q = fused(dd, rho2, hn::Load(dd, across.lane + i), hn::Mul(ahead, ahead));
      hn::Store(hn::IfThenZeroElse(dead, q), dd, q_.lane + i);
      const VD log_added = hn::Add(hn::Set(dd, layer.log_r2), hn::Load(dd, growth.log_unit2.lane + i));
      hn::Store(hn::Add(hn::Load(dd, log_scale_.lane + i), log_added), dd, log_scale_.lane + i);
    });
    if (!setup_.network.is_normalized()) take_logarithm();
  }

  /// Moves the norms, which nothing but their logarithms depends on, into them.
  void take_logarithm() {
    const DoubleLanes dd;
    Base::for_lanes(q_, [&](std::size_t i, VD q, hn::Mask<DoubleLanes> dead) HWY_ATTR {
      hn::Store(hn::Add(hn::Load(dd, log_scale_.lane + i), natural_log(dd, q)), dd, log_scale_.lane + i);
      hn::Store(hn::IfThenZeroElse(dead, hn::Set(dd, 1.0)), dd, q_.lane + i);
    });
  }

  static HWY_INLINE LaneArray to_lanes(V v) {
    LaneArray lanes;
    LaneSum<D> sum;
    sum.add(v);
    sum.flush(lanes);
    return lanes;
  }

  /// The sum of `count` squared normals, of which `normal` is one if their number is odd.
  LaneArray sample_chi_square(std::size_t count, V normal) {
    // So many uniform numbers have a product in the range of Real, and so many of those in that of a double.
    constexpr std::size_t kFew = 3;
    constexpr std::size_t kSeldom = 6;
    const D d;
    const DoubleLanes dd;
    LaneArray log_product;
    LaneArray product;
    std::fill_n(product.lane, kBlock, 1.0);
    const auto take_log = [&]() HWY_ATTR {
      for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
        const VD log_factor = natural_log(dd, hn::Load(dd, product.lane + i));
        hn::Store(hn::Add(hn::Load(dd, log_product.lane + i), log_factor), dd, log_product.lane + i);
        hn::Store(hn::Set(dd, 1.0), dd, product.lane + i);
      }
    };
    std::size_t left = count / 2;
    for (std::size_t group = 1; left > 0; ++group) {
      V few = uniforms_.next();
      const std::size_t in_group = std::min(left, kFew);
      for (std::size_t j = 1; j < in_group; ++j) few = hn::Mul(few, uniforms_.next());
      left -= in_group;
      HWY_ALIGN Real factor[kBlock];
      hn::Store(few, d, factor);
      for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
        hn::Store(hn::Mul(hn::Load(dd, product.lane + i), load_as_double(factor + i)), dd, product.lane + i);
      }
      if (group % kSeldom == 0) take_log();
    }
    take_log();
    const LaneArray odd = count % 2 == 1 ? to_lanes(hn::Mul(normal, normal)) : LaneArray{};
    for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
      const VD even = hn::Mul(hn::Set(dd, -2.0), hn::Load(dd, log_product.lane + i));
      hn::Store(hn::Add(even, hn::Load(dd, odd.lane + i)), dd, log_product.lane + i);
    }
    return log_product;
  }

  UniformLanes<D> uniforms_;
  LaneArray q_;  ///< ||z||^2/n, or 1 of what lives and 0 of the dead where logarithms are all that is kept
};

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
