#include <algorithm>
#include <cmath>

#include "engine/engine.hpp"
#include "engine/fast_setup.hpp"
#include "random/simd_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/fast_engine.cpp"
#include <hwy/foreach_target.h>
// after foreach_target.h
#include <hwy/highway.h>

#include "engine/backward-inl.h"
#include "engine/linear_first-inl.h"
#include "engine/walk-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace {

template <typename Real, class Flips>
void run_lanes(const FastSetup& setup, std::uint64_t first, Flips flips, Block& block, std::size_t offset,
               Tape<Real>& tape) {
  Walk<Real, Flips> walk(setup, first, flips, block, offset, tape);
  walk.run();
  if (setup.gradients && walk.alive()) {
    Backward<Real>(setup, *setup.gradients, tape, walk.normals(), block, offset).run();
  }
}

template <typename Real>
Block run_block(const FastSetup& setup, std::uint64_t first, std::size_t count) {
  using D = RealLanes<Real>;
  Block block(setup.network.depth());
  if (setup.gradients) block.gradients.emplace(setup.network.depth());
  Tape<Real> tape(setup.network, setup.widest, hn::Lanes(D()), setup.gradients.has_value());
  const double flip = setup.network.flip();
  for (std::size_t offset = 0; offset < count; offset += hn::Lanes(D())) {
    const std::uint64_t sample = first + offset;
    if (setup.network.architecture().branch == Branch::kLinearFirst) {
      LinearFirstWalk<Real>(setup, sample, block, offset, tape).run();
    } else if (flip == 0) {
      run_lanes(setup, sample, NoFlips{}, block, offset, tape);
    } else if (flip == 0.5) {
      run_lanes(setup, sample, FairFlips<D>(setup.seed, sample, kFastFlips<Real>), block, offset, tape);
    } else {
      run_lanes(setup, sample, AnyFlips<D>(setup.seed, sample, kFastFlips<Real>, flip), block, offset, tape);
    }
  }
  return block;
}

Block run_float(const FastSetup& setup, std::uint64_t first, std::size_t count) {
  return run_block<float>(setup, first, count);
}
Block run_double(const FastSetup& setup, std::uint64_t first, std::size_t count) {
  return run_block<double>(setup, first, count);
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

/// The scales of all layers, in such units where neurons are floats.
std::vector<LayerScale> layer_scales(const Network& network, const Input& input, Precision precision) {
  const NetworkScales scales(network, input);
  const bool has_float_neurons =
      precision == Precision::kFloat && network.architecture().branch == Branch::kActivationFirst;
  std::vector<LayerScale> layers;
  layers.reserve(network.depth());
  // A normalized branch does not follow the stream into its unit.
  double unit = 1;
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    LayerScale layer = scales.layer(l);
    if (has_float_neurons) layer = with_float_skip(layer);
    if (has_float_neurons && network.is_normalized()) {
      layer.sqrt_t *= unit;
      unit *= scales.layer(l).a != 0 ? layer.a / scales.layer(l).a : 1;
    }
    layers.push_back(layer);
  }
  return layers;
}

class FastEngine final : public Engine {
 public:
  FastEngine(FastSetup setup, Precision precision) : setup_(std::move(setup)), precision_(precision) {}

  Block run(std::uint64_t first, std::size_t count) const override {
    return precision_ == Precision::kFloat ? HWY_DYNAMIC_DISPATCH(run_float)(setup_, first, count)
                                           : HWY_DYNAMIC_DISPATCH(run_double)(setup_, first, count);
  }

 private:
  FastSetup setup_;
  Precision precision_;
};

FastSetup make_setup(const Network& network, const Input& input, std::uint64_t seed, Precision precision) {
  return {.network = network,
          .phi = ScaledActivation(network),
          .seed = seed,
          .layers = layer_scales(network, input, precision),
          .widest = network.widths().largest(),
          .gradients = {}};
}

}  // namespace

std::unique_ptr<const Engine> make_fast_engine(const Network& network, const Input& input, std::uint64_t seed,
                                               Precision precision, std::optional<OutputDirection> gradients) {
  FastSetup setup = make_setup(network, input, seed, precision);
  setup.gradients = gradients;
  return std::make_unique<FastEngine>(std::move(setup), precision);
}

std::unique_ptr<const Engine> make_antithetic_engine(const Network& network, std::uint64_t seed, Precision precision) {
  FastSetup setup = make_setup(network, {}, seed, precision);
  setup.sign = -1;
  return std::make_unique<FastEngine>(std::move(setup), precision);
}

}  // namespace initlaw
#endif  // HWY_ONCE
