#pragma once

#include <array>
#include <cstdint>

namespace initlaw {

/// Philox4x32-10: 128 random bits as a pure function of a counter and a key.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, doi:10.1145/2063384.2063405.
constexpr std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::uint64_t key) {
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53;
  constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9;  // golden ratio
  constexpr std::uint32_t kWeyl1 = 0xBB67AE85;  // sqrt(3) - 1
  auto key0 = static_cast<std::uint32_t>(key);
  auto key1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = kMultiplier0 * counter[0];
    const std::uint64_t product1 = kMultiplier1 * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key0, static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key1, static_cast<std::uint32_t>(product0)};
    key0 += kWeyl0;
    key1 += kWeyl1;
  }
  return counter;
}

/// What a stream of random numbers is for. Streams of one sample never share numbers.
enum class Purpose : std::uint32_t { kNormals = 0, kFlips = 1 };

/// The random bits of one sample and purpose, 128 at a time. At most 2^56 blocks.
class PhiloxStream {
 public:
  PhiloxStream(std::uint64_t seed, std::uint64_t sample, Purpose purpose)
      : seed_(seed), sample_(sample), purpose_(static_cast<std::uint32_t>(purpose) << 24) {}

  std::array<std::uint32_t, 4> next() {
    const std::uint64_t block = block_++;
    return philox4x32({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32) | purpose_,
                       static_cast<std::uint32_t>(sample_), static_cast<std::uint32_t>(sample_ >> 32)},
                      seed_);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t sample_;
  std::uint32_t purpose_;
  std::uint64_t block_ = 0;
};

}  // namespace initlaw
