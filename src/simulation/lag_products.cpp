#include "simulation/lag_products.hpp"

#include "random/simd_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simulation/lag_products.cpp"
#include <hwy/foreach_target.h>
// after foreach_target.h
#include <hwy/highway.h>

#include "random/elementary-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

std::array<double, kBlock> lag_products(std::span<const double> S, std::span<const double> root_widths,
                                        std::size_t lag) {
  const hn::CappedTag<double, kBlock> d;
  std::array<double, kBlock> means;
  const std::size_t pairs = root_widths.size() - lag;
  for (std::size_t lane = 0; lane < kBlock; lane += hn::Lanes(d)) {
    auto sum = hn::Zero(d);
    for (std::size_t m = 0; m < pairs; ++m) {
      const auto n_S = hn::Mul(hn::Set(d, root_widths[m] * root_widths[m + lag]), hn::LoadU(d, &S[m * kBlock + lane]));
      sum = fused(d, n_S, hn::LoadU(d, &S[(m + lag) * kBlock + lane]), sum);
    }
    hn::StoreU(hn::Div(sum, hn::Set(d, static_cast<double>(pairs))), d, &means[lane]);
  }
  return means;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace initlaw {
namespace {

HWY_EXPORT(lag_products);

}  // namespace

std::array<double, kBlock> lag_products(std::span<const double> S, std::span<const double> root_widths,
                                        std::size_t lag) {
  return HWY_DYNAMIC_DISPATCH(lag_products)(S, root_widths, lag);
}

}  // namespace initlaw
#endif  // HWY_ONCE
