// What all walks of a block's networks through their layers share.

#if defined(INITLAW_NETWORK_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_NETWORK_LANES_INL_H_
#undef INITLAW_NETWORK_LANES_INL_H_
#else
#define INITLAW_NETWORK_LANES_INL_H_
#endif

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/activation-inl.h"
#include "engine/fast_setup.hpp"
#include "engine/layer_norms-inl.h"
#include "engine/tape.hpp"
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

/// Some networks of a block, one a lane, with their streams of normals.
template <typename Real>
class NetworkLanes {
 public:
  /// False if all of the networks died, so that the walk ended before the last layer.
  bool alive() const { return alive_; }
  /// The streams of normals, where the walk ended.
  const NormalLanes<RealLanes<Real>>& normals() const { return normals_; }

 protected:
  using D = RealLanes<Real>;
  using V = hn::Vec<D>;
  using VD = hn::Vec<DoubleLanes>;

  NetworkLanes(const FastSetup& setup, std::uint64_t first, Block& block, std::size_t offset, Tape<Real>& tape)
      : setup_(setup),
        positive_slope2_(std::pow(setup.phi.slope(1.0), 2)),
        negative_slope2_(std::pow(setup.phi.slope(-1.0), 2)),
        normals_(setup.seed, first, kFastNormals<Real>),
        block_(block),
        offset_(offset),
        tape_(tape) {}

  static std::size_t kLanes() { return hn::Lanes(D()); }

  /// Calls body(lane index, the square norms with 1 for dead networks, which lanes are dead).
  template <class Body>
  HWY_INLINE void for_lanes(const LaneArray& squares, const Body& body) const {
    const DoubleLanes dd;
    for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
      const VD square = hn::Load(dd, squares.lane + i);
      const auto dead = hn::Eq(square, hn::Zero(dd));
      body(i, hn::IfThenElse(dead, hn::Set(dd, 1.0), square), dead);
    }
  }

  static bool all_dead(const LaneArray& squares) {
    return std::all_of(squares.lane, squares.lane + kLanes(), [](double square) { return square == 0; });
  }

  /// ln(||y_l||^2/n), from the square norms of layer l.
  void record_log_norm(const LaneArray& squares, double neurons, std::size_t l) {
    const DoubleLanes dd;
    const VD n = hn::Set(dd, neurons);
    const VD dead_value = hn::Set(dd, l == setup_.network.depth() ? -std::numeric_limits<double>::infinity() : 0.0);
    for_lanes(squares, [&](std::size_t i, VD square, hn::Mask<DoubleLanes> dead) HWY_ATTR {
      const VD log_norm2 = hn::Add(hn::Load(dd, log_scale_.lane + i), natural_log(dd, hn::Div(square, n)));
      hn::StoreU(hn::IfThenElse(dead, dead_value, log_norm2), dd, &block_.log_norm2[l * kBlock + offset_ + i]);
    });
  }

  /// ||phi(y)||^2, given ||y||^2 and that of the positive part.
  HWY_INLINE VD activated_square(VD square, VD positive) const {
    const DoubleLanes dd;
    return fused(dd, hn::Set(dd, positive_slope2_), positive,
                 hn::Mul(hn::Set(dd, negative_slope2_), hn::Sub(square, positive)));
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

  /// Of inner layers first, ..., B - 1 of layer l's branch, each of which maps ||phi||^2 to its product with the mean
  /// of phi(g)^2, where orthogonal weights make ||g||^2 the number of neurons.
  BranchGrowth branch_growth(std::size_t l, std::size_t first) {
    const DoubleLanes dd;
    const Network& network = setup_.network;
    const bool is_orthogonal = network.architecture().weights == Weights::kOrthogonal;
    const std::size_t width = network.branch_width();
    BranchGrowth growth;
    std::fill_n(growth.value.lane, kBlock, 1.0);
    std::fill_n(growth.unit.lane, kBlock, 1.0);
    for (std::size_t inner = first; inner < network.branch_depth(); ++inner) {
      const LayerNorms<D> norms = norms_of_normals(width, tape_.inner(l, inner));
      for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
        const VD square = hn::Load(dd, norms.square.lane + i);
        const VD positive = hn::Load(dd, norms.positive.lane + i);
        const VD neurons = is_orthogonal ? square : hn::Set(dd, static_cast<double>(width));
        const VD mean = hn::Div(activated_square(square, positive), neurons);
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

  /// What a smooth activation makes of some neurons' u.
  struct ActivatedSums {
    LaneArray square;  ///< ||phi(u)||^2
    LaneArray active;  ///< number of neurons with u > 0
  };

  /// Of u_0, ..., u_{count-1}; `next(i)` gives those of neurons i to i + 3, of which some may be too many.
  template <class Next>
  ActivatedSums activated_sums(std::size_t count, const Next& next) {
    switch (setup_.network.architecture().activation) {
      case Activation::kGelu:
        return activated_sums_of<Activation::kGelu>(count, next);
      case Activation::kSilu:
        return activated_sums_of<Activation::kSilu>(count, next);
      case Activation::kTanh:
        return activated_sums_of<Activation::kTanh>(count, next);
      default:
        return activated_sums_of<Activation::kErf>(count, next);
    }
  }

  template <Activation kActivation, class Next>
  ActivatedSums activated_sums_of(std::size_t count, const Next& next) {
    ActivatedSums sums;
    LaneSum<D> square, active;
    const auto add = [&](V u) HWY_ATTR {
      square.add(squared_activation<kActivation>(D(), u));
      active.add_one_if(hn::Gt(u, hn::Zero(D())));
    };
    for (std::size_t i = 0; i < count;) {
      for (const std::size_t few = std::min(i + kFewNeurons, count); i < few; i += 4) {
        const auto u = next(i);
        add(u.n0);
        if (i + 1 < count) add(u.n1);
        if (i + 2 < count) add(u.n2);
        if (i + 3 < count) add(u.n3);
      }
      square.flush(sums.square);
      active.flush(sums.active);
    }
    const DoubleLanes dd;
    const VD scale2 = hn::Set(dd, setup_.phi.scale() * setup_.phi.scale());
    for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(dd)) {
      hn::Store(hn::Mul(scale2, hn::Load(dd, sums.square.lane + i)), dd, sums.square.lane + i);
    }
    return sums;
  }

  /// ||phi(y)||^2 of layer l, where y, if branches are normalized, has ||y||^2 = n.
  LaneArray activated_squares(const LayerNorms<D>& norms, std::size_t l) {
    const DoubleLanes dd;
    const std::size_t width = setup_.network.width(l);
    const VD n = hn::Set(dd, static_cast<double>(width));
    if (setup_.phi.is_homogeneous()) {
      LaneArray result;
      for_lanes(norms.square, [&](std::size_t i, VD square, hn::Mask<DoubleLanes>) HWY_ATTR {
        const VD phi2 = activated_square(hn::Load(dd, norms.square.lane + i), hn::Load(dd, norms.positive.lane + i));
        hn::Store(setup_.network.is_normalized() ? hn::Mul(phi2, hn::Div(n, square)) : phi2, dd, result.lane + i);
      });
      return result;
    }
    HWY_ALIGN Real unit[kBlock];
    for_lanes(norms.square, [&](std::size_t i, VD square, hn::Mask<DoubleLanes>)
                                HWY_ATTR { store_as(hn::Sqrt(hn::Div(n, square)), unit + i); });
    const D d;
    const Real* y = tape_.y(l);
    return activated_sums(width,
                          [&](std::size_t i) HWY_ATTR {
                            const V factor = hn::Load(d, unit);
                            const Real* from = y + i * hn::Lanes(d);
                            const auto u = [&](std::size_t k) HWY_ATTR {
                              return hn::Mul(factor, hn::Load(d, from + k * hn::Lanes(d)));
                            };
                            return typename NormalLanes<D>::Normals{u(0), u(1), u(2), u(3)};
                          })
        .square;
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
  Block& block_;
  std::size_t offset_;
  Tape<Real>& tape_;
  bool alive_ = true;
  LaneArray log_scale_;
};

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
