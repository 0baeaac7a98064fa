#pragma once

#include <array>
#include <cstdint>

namespace initlaw {

inline constexpr int kPhiloxRounds = 10;
inline constexpr std::uint64_t kPhiloxMultiplier0 = 0xD2511F53;
inline constexpr std::uint64_t kPhiloxMultiplier1 = 0xCD9E8D57;
inline constexpr std::uint32_t kPhiloxWeyl0 = 0x9E3779B9;  // golden ratio
inline constexpr std::uint32_t kPhiloxWeyl1 = 0xBB67AE85;  // sqrt(3) - 1

/// Philox4x32-10: 128 random bits as a pure function of a counter and a key.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
/// doi:10.1145/2063384.2063405.
constexpr std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::uint64_t key) {
  auto key0 = static_cast<std::uint32_t>(key);
  auto key1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const std::uint64_t product0 = kPhiloxMultiplier0 * counter[0];
    const std::uint64_t product1 = kPhiloxMultiplier1 * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key0, static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key1, static_cast<std::uint32_t>(product0)};
    key0 += kPhiloxWeyl0;
    key1 += kPhiloxWeyl1;
  }
  return counter;
}

/// What a stream of random numbers is for. Each engine, in each precision, has purposes of its own, so that no two of
/// them share a number, whatever their seeds and samples.
enum class Purpose : std::uint32_t {
  kFastFloatNormals = 0,
  kFastFloatFlips,
  kFastDoubleNormals,
  kFastDoubleFlips,
  kDenseFloatNormals,
  kDenseFloatFlips,
  kDenseDoubleNormals,
  kDenseDoubleFlips,
  kJointNormals,
  kJointFlips,
  kSplittingNormals,
  kSplittingFlips,
  kSplittingResampling,
  kFastFloatUniforms,
  kFastDoubleUniforms,
  kTangentKernelNormals,
};

/// The counter of a stream's draw number `draw`. Samples are below 2^56.
constexpr std::array<std::uint32_t, 4> philox_counter(std::uint64_t sample, Purpose purpose, std::uint64_t draw) {
  return {static_cast<std::uint32_t>(draw),
          static_cast<std::uint32_t>(sample >> 32) | (static_cast<std::uint32_t>(purpose) << 24),
          static_cast<std::uint32_t>(sample), static_cast<std::uint32_t>(draw >> 32)};
}

/// The random bits of one sample and purpose, 128 at a time.
class PhiloxStream {
 public:
  PhiloxStream(std::uint64_t seed, std::uint64_t sample, Purpose purpose)
      : seed_(seed), sample_(sample), purpose_(purpose) {}

  std::array<std::uint32_t, 4> next() { return philox4x32(philox_counter(sample_, purpose_, draw_++), seed_); }

 private:
  std::uint64_t seed_;
  std::uint64_t sample_;
  Purpose purpose_;
  std::uint64_t draw_ = 0;
};

}  // namespace initlaw
