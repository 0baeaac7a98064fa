#include <algorithm>
#include <cmath>

#include "monte_carlo/fast_plan.hpp"
#include "monte_carlo/kernel.hpp"
#include "monte_carlo/simd_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "monte_carlo/fast_kernel.cpp"
#include <hwy/foreach_target.h>
// after foreach_target.h
#include <hwy/highway.h>

#include "monte_carlo/backward-inl.h"
#include "monte_carlo/walk-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace {

template <typename Real, class Flips>
void run_lanes(const FastPlan& plan, std::uint64_t first, Flips flips, Block& block, std::size_t offset,
               Tape<Real>& tape) {
  Walk<Real, Flips> walk(plan, first, flips, block, offset, tape);
  walk.run();
  if (plan.gradients && walk.alive()) {
    Backward<Real>(plan, *plan.gradients, tape, walk.normals(), block, offset).run();
  }
}

template <typename Real>
Block run_block(const FastPlan& plan, std::uint64_t first, std::size_t count) {
  using D = RealLanes<Real>;
  Block block(plan.network.depth());
  if (plan.gradients) block.gradients.emplace(plan.network.depth());
  Tape<Real> tape(plan.network, plan.widest, hn::Lanes(D()), plan.gradients.has_value());
  const double flip = plan.network.flip();
  for (std::size_t offset = 0; offset < count; offset += hn::Lanes(D())) {
    const std::uint64_t sample = first + offset;
    if (flip == 0) {
      run_lanes(plan, sample, NoFlips{}, block, offset, tape);
    } else if (flip == 0.5) {
      run_lanes(plan, sample, FairFlips<D>(plan.seed, sample, kFastFlips<Real>), block, offset, tape);
    } else {
      run_lanes(plan, sample, AnyFlips<D>(plan.seed, sample, kFastFlips<Real>, flip), block, offset, tape);
    }
  }
  return block;
}

Block run_float(const FastPlan& plan, std::uint64_t first, std::size_t count) {
  return run_block<float>(plan, first, count);
}
Block run_double(const FastPlan& plan, std::uint64_t first, std::size_t count) {
  return run_block<double>(plan, first, count);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace initlaw {
namespace {

HWY_EXPORT(run_float);
HWY_EXPORT(run_double);

/// The layer in a unit in which its skip scale is a float: without that, its rounding would add up over the layers.
LayerScale with_float_skip(const LayerScale& layer) {
  const double rounded = static_cast<float>(layer.a);
  if (rounded == 0) return layer;
  const double log_ratio = std::log1p((rounded - layer.a) / layer.a);
  return {.log_r2 = layer.log_r2 - 2 * log_ratio,
          .a = rounded,
          .sqrt_t = layer.sqrt_t * (rounded / layer.a),
          .log_abs_a = layer.log_abs_a + log_ratio};
}

class FastKernel final : public Kernel {
 public:
  FastKernel(FastPlan plan, Precision precision) : plan_(std::move(plan)), precision_(precision) {}

  Block run(std::uint64_t first, std::size_t count) const override {
    return precision_ == Precision::kFloat ? HWY_DYNAMIC_DISPATCH(run_float)(plan_, first, count)
                                           : HWY_DYNAMIC_DISPATCH(run_double)(plan_, first, count);
  }

 private:
  FastPlan plan_;
  Precision precision_;
};

FastPlan make_plan(const Network& network, std::uint64_t seed, Precision precision) {
  FastPlan plan{.network = network, .seed = seed, .layers = {}, .widest = 0, .gradients = {}};
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const LayerScale layer = layer_scale(network, l);
    plan.layers.push_back(precision == Precision::kFloat ? with_float_skip(layer) : layer);
  }
  const auto& widths = network.widths().values();
  plan.widest = *std::max_element(widths.begin(), widths.end());
  return plan;
}

}  // namespace

std::unique_ptr<const Kernel> make_fast_kernel(const Network& network, std::uint64_t seed, Precision precision,
                                               std::optional<OutputDirection> gradients) {
  FastPlan plan = make_plan(network, seed, precision);
  plan.gradients = gradients;
  return std::make_unique<FastKernel>(std::move(plan), precision);
}

std::unique_ptr<const Kernel> make_mirrored_kernel(const Network& network, std::uint64_t seed, Precision precision) {
  FastPlan plan = make_plan(network, seed, precision);
  plan.sign = -1;
  return std::make_unique<FastKernel>(std::move(plan), precision);
}

}  // namespace initlaw
#endif  // HWY_ONCE
