#include <algorithm>
#include <cmath>

#include "engine/engine.hpp"
#include "engine/fast_network.hpp"
#include "random/simd_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/fast_engine.cpp"
#include <hwy/foreach_target.h>
// after foreach_target.h
#include <hwy/highway.h>

#include "engine/backward-inl.h"
#include "engine/walk-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace {

template <typename Real, class Flips>
void run_lanes(const FastNetwork& options, std::uint64_t first, Flips flips, Block& block, std::size_t offset,
               Tape<Real>& tape) {
  Walk<Real, Flips> walk(options, first, flips, block, offset, tape);
  walk.run();
  if (options.gradients && walk.alive()) {
    Backward<Real>(options, *options.gradients, tape, walk.normals(), block, offset).run();
  }
}

template <typename Real>
Block run_block(const FastNetwork& options, std::uint64_t first, std::size_t count) {
  using D = RealLanes<Real>;
  Block block(options.network.depth());
  if (options.gradients) block.gradients.emplace(options.network.depth());
  Tape<Real> tape(options.network, options.widest, hn::Lanes(D()), options.gradients.has_value());
  const double flip = options.network.flip();
  for (std::size_t offset = 0; offset < count; offset += hn::Lanes(D())) {
    const std::uint64_t sample = first + offset;
    if (flip == 0) {
      run_lanes(options, sample, NoFlips{}, block, offset, tape);
    } else if (flip == 0.5) {
      run_lanes(options, sample, FairFlips<D>(options.seed, sample, kFastFlips<Real>), block, offset, tape);
    } else {
      run_lanes(options, sample, AnyFlips<D>(options.seed, sample, kFastFlips<Real>, flip), block, offset, tape);
    }
  }
  return block;
}

Block run_float(const FastNetwork& options, std::uint64_t first, std::size_t count) {
  return run_block<float>(options, first, count);
}
Block run_double(const FastNetwork& options, std::uint64_t first, std::size_t count) {
  return run_block<double>(options, first, count);
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

class FastEngine final : public Engine {
 public:
  FastEngine(FastNetwork options, Precision precision) : options_(std::move(options)), precision_(precision) {}

  Block run(std::uint64_t first, std::size_t count) const override {
    return precision_ == Precision::kFloat ? HWY_DYNAMIC_DISPATCH(run_float)(options_, first, count)
                                           : HWY_DYNAMIC_DISPATCH(run_double)(options_, first, count);
  }

 private:
  FastNetwork options_;
  Precision precision_;
};

FastNetwork make_plan(const Network& network, std::uint64_t seed, Precision precision) {
  FastNetwork options{.network = network, .seed = seed, .layers = {}, .widest = 0, .gradients = {}};
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const LayerScale layer = layer_scale(network, l);
    options.layers.push_back(precision == Precision::kFloat ? with_float_skip(layer) : layer);
  }
  const auto& widths = network.widths().values();
  options.widest = *std::max_element(widths.begin(), widths.end());
  return options;
}

}  // namespace

std::unique_ptr<const Engine> make_fast_engine(const Network& network, std::uint64_t seed, Precision precision,
                                               std::optional<OutputDirection> gradients) {
  FastNetwork options = make_plan(network, seed, precision);
  options.gradients = gradients;
  return std::make_unique<FastEngine>(std::move(options), precision);
}

std::unique_ptr<const Engine> make_antithetic_engine(const Network& network, std::uint64_t seed, Precision precision) {
  FastNetwork options = make_plan(network, seed, precision);
  options.sign = -1;
  return std::make_unique<FastEngine>(std::move(options), precision);
}

}  // namespace initlaw
#endif  // HWY_ONCE
