// The gradient's O(n) step (docs/theory.md, "Gradients"), from the last layer to the first, on vectors whose lanes are
// networks.

#if defined(INITLAW_BACKWARD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_BACKWARD_INL_H_
#undef INITLAW_BACKWARD_INL_H_
#else
#define INITLAW_BACKWARD_INL_H_
#endif

#include <cmath>
#include <limits>

#include "engine/lane_buffer.hpp"
#include "engine/layer_state.hpp"
#include "engine/walk-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// ln x, or -infinity where x is 0.
HWY_INLINE hn::Vec<DoubleLanes> log_or_minus_infinity(hn::Vec<DoubleLanes> x) {
  const DoubleLanes dd;
  const auto zero = hn::Eq(x, hn::Zero(dd));
  const auto log_x = natural_log(dd, hn::IfThenElse(zero, hn::Set(dd, 1.0), x));
  return hn::IfThenElse(zero, hn::Set(dd, -std::numeric_limits<double>::infinity()), log_x);
}

/// x/y, or 0 where y is 0.
HWY_INLINE hn::Vec<DoubleLanes> ratio_or_zero(hn::Vec<DoubleLanes> x, hn::Vec<DoubleLanes> y) {
  const DoubleLanes dd;
  const auto zero = hn::Eq(y, hn::Zero(dd));
  return hn::IfThenZeroElse(zero, hn::Div(x, hn::IfThenElse(zero, hn::Set(dd, 1.0), y)));
}

/// The gradient of one output of some networks, one a lane, on its way back through the layers. In the gauge of Walk,
/// and for the gradient e_l of unit norm with respect to y_l,
///
///     e_{l-1} = a_l F_l e_l + sqrt(t_l/n) D W^T e_l,      D = diag(phi'(y_{l-1})),
///
/// where, given W u = g_l for u = phi(y_{l-1})/||phi(y_{l-1})||, W^T e has the law of u (g_l . e) + (I - u u^T) xi with
/// fresh normals xi. Gradients are normalized at each layer; their norms are kept as logarithms.
template <typename Real>
class Backward {
 public:
  using D = RealLanes<Real>;

  Backward(const FastSetup& setup, OutputDirection direction, Tape<Real>& tape, const NormalLanes<D>& normals,
           Block& block, std::size_t offset)
      : setup_(setup),
        direction_(direction),
        tape_(tape),
        normals_(normals),
        block_(block),
        offset_(offset),
        positive_slope_(setup.phi.slope(Real{1})),
        negative_slope_(setup.phi.slope(Real{-1})),
        e_(make_lane_buffer<Real>(setup.widest * kLanes())),
        inner_e_(make_lane_buffer<Real>(setup.widest * kLanes())),
        xi_(make_lane_buffer<Real>(setup.widest * kLanes())) {}

  void run() {
    start();
    for (std::size_t l = setup_.network.depth(); l > 0; --l) step(l);
    finish();
  }

 private:
  using V = hn::Vec<D>;
  using VD = hn::Vec<DoubleLanes>;

  /// What is known of a gradient vector: its square norm, and its product with the pre-activations it belongs to.
  struct Sums {
    LaneArray square;
    LaneArray overlap;
    LaneArray phi_square;  ///< ||phi||^2 of the pre-activations
  };

  static std::size_t kLanes() { return hn::Lanes(D()); }

  /// body(i, pointer offset) for the first `count` neurons, and flush() after each few of them.
  template <class Body, class Flush>
  HWY_INLINE void for_neurons(std::size_t count, const Body& body, const Flush& flush) {
    for (std::size_t begin = 0; begin < count; begin += kFewNeurons) {
      const std::size_t end = std::min(begin + kFewNeurons, count);
      for (std::size_t i = begin; i < end; ++i) body(i, i * kLanes());
      flush();
    }
  }

  template <class Body>
  HWY_INLINE void for_lanes(const Body& body) {
    for (std::size_t i = 0; i < kLanes(); i += hn::Lanes(DoubleLanes())) body(i);
  }

  void draw_xi(std::size_t count) {
    for (std::size_t i = 0; i < count; i += 4) store_few(normals_.next(), xi_.get() + i * kLanes(), count - i);
  }

  HWY_INLINE V slope(V y) const {
    const D d;
    return hn::IfThenElse(hn::Gt(y, hn::Zero(d)), hn::Set(d, positive_slope_), hn::Set(d, negative_slope_));
  }

  /// e_d: the output's weights, whose product with y_d/||y_d|| is the output's normal, or 0 for the orthogonal
  /// direction.
  void start() {
    const D d;
    const DoubleLanes dd;
    const std::size_t depth = setup_.network.depth();
    const std::size_t n = setup_.network.width(depth);
    const Real* y = tape_.y(depth);
    draw_xi(n);
    LaneSum<D> square, product;
    LaneArray y_square, y_xi;
    for_neurons(
        n,
        [&](std::size_t, std::size_t at) HWY_ATTR {
          const V y_i = hn::Load(d, y + at);
          square.add_square(y_i);
          product.add_product(y_i, hn::Load(d, xi_.get() + at));
        },
        [&]() HWY_ATTR {
          square.flush(y_square);
          product.flush(y_xi);
        });
    HWY_ALIGN Real along[kBlock];
    for_lanes([&](std::size_t i) HWY_ATTR {
      const VD norm2 = hn::Load(dd, y_square.lane + i);
      const VD output =
          direction_ == OutputDirection::kOrthogonal ? hn::Zero(dd) : hn::LoadU(dd, &block_.output[offset_ + i]);
      const VD missing = hn::Sub(hn::Mul(output, hn::Sqrt(norm2)), hn::Load(dd, y_xi.lane + i));
      store_as(ratio_or_zero(missing, norm2), along + i);
    });
    sums_ = Sums{};
    LaneSum<D> e_square, overlap;
    for_neurons(
        n,
        [&](std::size_t, std::size_t at) HWY_ATTR {
          const V y_i = hn::Load(d, y + at);
          const V e = fused(d, hn::Load(d, along), y_i, hn::Load(d, xi_.get() + at));
          hn::Store(e, d, e_.get() + at);
          e_square.add_square(e);
          overlap.add_product(y_i, e);
        },
        [&]() HWY_ATTR {
          e_square.flush(sums_.square);
          overlap.flush(sums_.overlap);
        });
    forget_overlap();
    // z_out = W_out z_d/sqrt(n).
    for_lanes([&](std::size_t i) HWY_ATTR {
      const VD mean_square = hn::Div(hn::Load(dd, sums_.square.lane + i), hn::Set(dd, static_cast<double>(n)));
      hn::StoreU(log_or_minus_infinity(mean_square), dd, log_norm2(depth, i));
      hn::StoreU(hn::LoadU(dd, &block_.log_norm2[depth * kBlock + offset_ + i]), dd, log_weight2(depth + 1, i));
    });
  }

  void step(std::size_t l) {
    const DoubleLanes dd;
    const LayerScale& layer = setup_.layers[l - 1];
    const std::size_t n = setup_.network.width(l - 1);
    const LaneArray skipped = flipped_product(l);
    LaneArray gamma, norm, weight2;
    HWY_ALIGN Real skip[kBlock];
    LaneArray log_skip2;
    for_lanes([&](std::size_t i) HWY_ATTR {
      const VD length = hn::Sqrt(hn::Load(dd, sums_.square.lane + i));
      const VD residual = hn::LoadU(dd, tape_.residual(l) + i);
      const VD of_skip = hn::Mul(hn::LoadU(dd, tape_.skip(l) + i), hn::Load(dd, skipped.lane + i));
      const VD g_e = ratio_or_zero(hn::Sub(hn::Load(dd, sums_.overlap.lane + i), of_skip), hn::Mul(residual, length));
      hn::Store(hn::Mul(hn::Set(dd, layer.sqrt_t), g_e), dd, gamma.lane + i);
      hn::Store(hn::Set(dd, std::abs(layer.sqrt_t)), dd, norm.lane + i);
      hn::Store(hn::Set(dd, layer.t()), dd, weight2.lane + i);
      // Where the branch passes nothing, what a small skip scale leaves would be too small for a float.
      const auto frozen = hn::Eq(residual, hn::Zero(dd));
      const VD a = hn::IfThenElse(frozen, hn::Set(dd, std::copysign(1.0, layer.a)), hn::Set(dd, layer.a));
      hn::Store(hn::IfThenElseZero(frozen, hn::Set(dd, 2 * layer.log_abs_a)), dd, log_skip2.lane + i);
      store_as(ratio_or_zero(a, length), skip + i);
    });
    for (std::size_t inner = setup_.network.branch_depth() - 1; inner > 0; --inner) {
      const Sums sums = through<false>(tape_.inner(l, inner), n, gamma, norm, inner_e_.get(), nullptr, nullptr);
      for_lanes([&](std::size_t i) HWY_ATTR {
        const VD square = hn::Load(dd, sums.square.lane + i);
        const VD growth = hn::Div(hn::Load(dd, sums.phi_square.lane + i), hn::Set(dd, static_cast<double>(n)));
        // What is left of the branch is homogeneous, so that its product with its gradient is the same at each layer.
        const VD root = hn::Sqrt(hn::Div(hn::Load(dd, sums.phi_square.lane + i), hn::Set(dd, static_cast<double>(n))));
        hn::Store(hn::Mul(hn::Load(dd, gamma.lane + i), root), dd, gamma.lane + i);
        hn::Store(hn::Sqrt(square), dd, norm.lane + i);
        hn::Store(hn::Add(hn::Mul(hn::Load(dd, weight2.lane + i), growth), square), dd, weight2.lane + i);
      });
    }
    // Without skip path e_l says nothing of e_{l-1}, and may be shorter.
    sums_ = layer.a == 0 ? through<false>(tape_.y(l - 1), n, gamma, norm, e_.get(), nullptr, nullptr)
                         : through<true>(tape_.y(l - 1), n, gamma, norm, e_.get(), skip, tape_.flips(l));
    forget_overlap();
    for_lanes([&](std::size_t i) HWY_ATTR {
      const VD log_above = hn::Add(hn::LoadU(dd, log_norm2(l, i)), hn::Set(dd, layer.log_r2));
      const VD square = hn::Load(dd, sums_.square.lane + i);
      hn::StoreU(hn::Add(hn::Add(log_above, hn::Load(dd, log_skip2.lane + i)), log_or_minus_infinity(square)), dd,
                 log_norm2(l - 1, i));
      const std::size_t element = (l - 1) * kBlock + offset_ + i;
      const VD mean_phi2 = hn::Add(hn::Set(dd, 1.0), hn::LoadU(dd, &block_.S[element]));
      const VD log_weight = log_or_minus_infinity(hn::Mul(mean_phi2, hn::Load(dd, weight2.lane + i)));
      hn::StoreU(hn::Add(hn::Add(log_above, hn::LoadU(dd, &block_.log_norm2[element])), log_weight), dd,
                 log_weight2(l, i));
    });
  }

  /// In the orthogonal direction f = 0, which by Euler's theorem is the product of every layer's pre-activations and
  /// their gradient: exactly, and not up to rounding.
  void forget_overlap() {
    if (direction_ == OutputDirection::kOrthogonal) sums_.overlap = LaneArray{};
  }

  /// (F_l y_{l-1}) . e_l; not needed, and 0, without skip path.
  LaneArray flipped_product(std::size_t l) {
    const D d;
    LaneArray total;
    if (setup_.layers[l - 1].a == 0) return total;
    const Real* y = tape_.y(l - 1);
    const std::uint8_t* flips = tape_.flips(l);
    LaneSum<D> product;
    for_neurons(
        setup_.network.width(l - 1),
        [&](std::size_t i, std::size_t at)
            HWY_ATTR { product.add_product(hn::Load(d, y + at), flipped(hn::Load(d, e_.get() + at), i, flips)); },
        [&]() HWY_ATTR { product.flush(total); });
    return total;
  }

  static HWY_INLINE V flipped(V e, std::size_t i, const std::uint8_t* flips) {
    const D d;
    if (flips == nullptr) return e;
    return hn::IfThenElse(hn::LoadMaskBits(d, flips + i * Tape<Real>::kFlipBytes), hn::Neg(e), e);
  }

  /// The gradient with respect to `lower` pre-activations y of a step y -> W phi(y)/sqrt(n), where that with respect to
  /// W phi/sqrt(n) has the norm `norm`, and the product `gamma` with the step's normals: D/sqrt(n) (u gamma + norm
  /// (I - u u^T) xi). With skip path, skip F e is added to it, e what `to` holds.
  template <bool kSkip>
  Sums through(const Real* lower, std::size_t n, const LaneArray& gamma, const LaneArray& norm, Real* to,
               const Real* skip, const std::uint8_t* flips) {
    const D d;
    const DoubleLanes dd;
    Sums sums;
    draw_xi(n);
    LaneSum<D> phi_square, product, active_neurons;
    LaneArray phi_xi, active;
    for_neurons(
        n,
        [&](std::size_t, std::size_t at) HWY_ATTR {
          const V y = hn::Load(d, lower + at);
          const V phi = hn::Mul(slope(y), y);
          phi_square.add_square(phi);
          product.add_product(phi, hn::Load(d, xi_.get() + at));
          active_neurons.add_one_if(hn::Gt(y, hn::Zero(d)));
        },
        [&]() HWY_ATTR {
          phi_square.flush(sums.phi_square);
          product.flush(phi_xi);
          active_neurons.flush(active);
        });
    HWY_ALIGN Real along_phi[kBlock];
    HWY_ALIGN Real along_xi[kBlock];
    for_lanes([&](std::size_t i) HWY_ATTR {
      const VD root_n = hn::Set(dd, std::sqrt(static_cast<double>(n)));
      const VD phi2 = hn::Load(dd, sums.phi_square.lane + i);
      // Where the activations are those of one neuron, (I - u u^T) D is 0, and not what rounding makes of it.
      const auto one_alone =
          hn::Lt(n == 1 || negative_slope_ != 0 ? hn::Set(dd, static_cast<double>(n)) : hn::Load(dd, active.lane + i),
                 hn::Set(dd, 1.5));
      const VD length = hn::IfThenZeroElse(one_alone, hn::Load(dd, norm.lane + i));
      const VD projected = hn::Mul(length, ratio_or_zero(hn::Load(dd, phi_xi.lane + i), phi2));
      const VD known = ratio_or_zero(hn::Load(dd, gamma.lane + i), hn::Sqrt(phi2));
      store_as(hn::Div(hn::Sub(known, projected), root_n), along_phi + i);
      store_as(hn::Div(length, root_n), along_xi + i);
    });
    LaneSum<D> square, overlap;
    for_neurons(
        n,
        [&](std::size_t i, std::size_t at) HWY_ATTR {
          const V y = hn::Load(d, lower + at);
          const V slope_y = slope(y);
          const V from_xi = hn::Mul(hn::Load(d, along_xi), hn::Load(d, xi_.get() + at));
          const V from_branch = fused(d, hn::Load(d, along_phi), hn::Mul(slope_y, y), from_xi);
          V e = hn::Mul(slope_y, from_branch);
          if constexpr (kSkip) e = fused(d, hn::Load(d, skip), flipped(hn::Load(d, to + at), i, flips), e);
          hn::Store(e, d, to + at);
          square.add_square(e);
          overlap.add_product(y, e);
        },
        [&]() HWY_ATTR {
          square.flush(sums.square);
          overlap.flush(sums.overlap);
        });
    return sums;
  }

  /// The input's gradient W_0^T e_0/sqrt(n_in), whose share along the input is known: by Euler's theorem that of f, in
  /// the orthogonal direction 0.
  void finish() {
    const DoubleLanes dd;
    const std::size_t n_in = setup_.network.inputs();
    LaneArray rest;
    LaneSum<D> square;
    for (std::size_t i = 0; i + 1 < n_in; i += 4) {
      const auto xi = normals_.next();
      square.add_square(xi.n0);
      if (i + 2 < n_in) square.add_square(xi.n1);
      if (i + 3 < n_in) square.add_square(xi.n2);
      if (i + 4 < n_in) square.add_square(xi.n3);
      if (i % kFewNeurons == 0) square.flush(rest);
    }
    square.flush(rest);
    for_lanes([&](std::size_t i) HWY_ATTR {
      const VD log_0 = hn::LoadU(dd, log_norm2(0, i));
      const VD overlap =
          direction_ == OutputDirection::kOrthogonal ? hn::Zero(dd) : hn::Load(dd, sums_.overlap.lane + i);
      const VD along = ratio_or_zero(hn::Mul(overlap, overlap), hn::Load(dd, sums_.square.lane + i));
      const VD mean = hn::Div(hn::Add(along, hn::Load(dd, rest.lane + i)), hn::Set(dd, static_cast<double>(n_in)));
      hn::StoreU(hn::Add(log_0, log_or_minus_infinity(mean)), dd, &block_.gradients->log_input_norm2[offset_ + i]);
      hn::StoreU(log_0, dd, log_weight2(0, i));
    });
  }

  double* log_norm2(std::size_t l, std::size_t i) const {
    return &block_.gradients->log_norm2[l * kBlock + offset_ + i];
  }
  double* log_weight2(std::size_t l, std::size_t i) const {
    return &block_.gradients->log_weight2[l * kBlock + offset_ + i];
  }

  const FastSetup& setup_;
  OutputDirection direction_;
  Tape<Real>& tape_;
  NormalLanes<D> normals_;
  Block& block_;
  std::size_t offset_;
  Real positive_slope_;
  Real negative_slope_;
  LaneBuffer<Real> e_;
  LaneBuffer<Real> inner_e_;
  LaneBuffer<Real> xi_;
  Sums sums_;
};

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
