#include "random/normals.hpp"

#include "random/block_size.hpp"
#include "random/simd_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random/normals.cpp"
#include <hwy/foreach_target.h>
// after foreach_target.h
#include <hwy/highway.h>

#include "random/normal-inl.h"

HWY_BEFORE_NAMESPACE();
namespace initlaw {
namespace HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

template <typename Real>
std::vector<Real> draw(std::uint64_t seed, Purpose purpose, std::uint64_t q, std::size_t draws) {
  using D = hn::CappedTag<Real, kBlock>;
  const D d;
  std::vector<Real> numbers(4 * draws * kBlock);
  for (std::size_t offset = 0; offset < kBlock; offset += hn::Lanes(d)) {
    NormalLanes<D> normals(seed, q * kBlock + offset, purpose);
    for (std::size_t i = 0; i < draws; ++i) {
      const auto g = normals.next();
      Real* to = &numbers[4 * i * kBlock + offset];
      hn::StoreU(g.n0, d, to);
      hn::StoreU(g.n1, d, to + kBlock);
      hn::StoreU(g.n2, d, to + 2 * kBlock);
      hn::StoreU(g.n3, d, to + 3 * kBlock);
    }
  }
  return numbers;
}

void fill_groups(std::uint64_t* words, double* numbers, std::size_t groups) {
  using D = hn::CappedTag<double, kBlock>;
  const D d;
  for (std::size_t offset = 0; offset < kBlock; offset += hn::Lanes(d)) {
    NormalLanes<D> normals(XoshiroLanes<hn::RebindToUnsigned<D>>(words + offset, kBlock));
    for (std::size_t i = 0; i < groups; ++i) {
      const auto g = normals.next();
      double* to = numbers + 4 * i * kBlock + offset;
      hn::StoreU(g.n0, d, to);
      hn::StoreU(g.n1, d, to + kBlock);
      hn::StoreU(g.n2, d, to + 2 * kBlock);
      hn::StoreU(g.n3, d, to + 3 * kBlock);
    }
    normals.words().save(words + offset, kBlock);
  }
}

std::vector<float> draw_float(std::uint64_t seed, Purpose purpose, std::uint64_t q, std::size_t draws) {
  return draw<float>(seed, purpose, q, draws);
}
std::vector<double> draw_double(std::uint64_t seed, Purpose purpose, std::uint64_t q, std::size_t draws) {
  return draw<double>(seed, purpose, q, draws);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace initlaw
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace initlaw {
namespace {

HWY_EXPORT(draw_float);
HWY_EXPORT(draw_double);
HWY_EXPORT(fill_groups);

}  // namespace

std::vector<float> draw_normals_float(std::uint64_t seed, Purpose purpose, std::uint64_t q, std::size_t draws) {
  return HWY_DYNAMIC_DISPATCH(draw_float)(seed, purpose, q, draws);
}

NormalStream::NormalStream(std::uint64_t seed, Purpose purpose, std::uint64_t sample) : words_() {
  for (std::size_t lane = 0; lane < kBlock; ++lane) {
    const auto start = xoshiro_start<std::uint64_t>(seed, sample * kBlock + lane, purpose);
    for (std::size_t k = 0; k < start.size(); ++k) words_[k * kBlock + lane] = start[k];
  }
}

void NormalStream::fill(std::span<double> numbers) {
  HWY_DYNAMIC_DISPATCH(fill_groups)(words_.data(), numbers.data(), numbers.size() / kGroup);
}

std::vector<double> draw_normals_double(std::uint64_t seed, Purpose purpose, std::uint64_t q, std::size_t draws) {
  return HWY_DYNAMIC_DISPATCH(draw_double)(seed, purpose, q, draws);
}

}  // namespace initlaw
#endif  // HWY_ONCE
