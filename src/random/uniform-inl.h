// Uniform numbers, and sums of squared normals made of them, on vectors whose lanes are samples.

#if defined(INITLAW_UNIFORM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INITLAW_UNIFORM_INL_H_
#undef INITLAW_UNIFORM_INL_H_
#else
#define INITLAW_UNIFORM_INL_H_
#endif

#include "random/normal-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Independent uniform() numbers for consecutive samples, one a lane.
template <class D>
class UniformLanes {
 public:
  using V = hn::Vec<D>;

  UniformLanes(std::uint64_t seed, std::uint64_t first, Purpose purpose) : words_(seed, first, purpose) {}

  HWY_INLINE V next() { return uniform(D(), words_.next()); }

 private:
  XoshiroLanes<hn::RebindToUnsigned<D>> words_;
};

}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#endif  // include guard
