#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "random/philox.hpp"

namespace initlaw {

/// The constants of xoshiro128++ (32-bit words) and xoshiro256++ (64-bit words).
template <typename Word>
struct XoshiroConstants;

template <>
struct XoshiroConstants<std::uint32_t> {
  static constexpr int kRotateSum = 7;
  static constexpr int kShift = 9;
  static constexpr int kRotateState = 11;
};

template <>
struct XoshiroConstants<std::uint64_t> {
  static constexpr int kRotateSum = 23;
  static constexpr int kShift = 17;
  static constexpr int kRotateState = 45;
};

template <typename Word>
using XoshiroState = std::array<Word, 4>;

/// Where the stream of one sample and purpose starts: a Philox block (64-bit words: two) as the state. Streams start at
/// random places of a period of 2^128 - 1 (2^256 - 1), so that 10^13 of 10^6 words each overlap anywhere with
/// probability 10^-6. (The state 0, which never changes, comes with probability 2^-128.)
template <typename Word>
XoshiroState<Word> xoshiro_start(std::uint64_t seed, std::uint64_t sample, Purpose purpose);

template <>
inline XoshiroState<std::uint32_t> xoshiro_start(std::uint64_t seed, std::uint64_t sample, Purpose purpose) {
  return philox4x32(philox_counter(sample, purpose, 0), seed);
}

template <>
inline XoshiroState<std::uint64_t> xoshiro_start(std::uint64_t seed, std::uint64_t sample, Purpose purpose) {
  PhiloxStream words(seed, sample, purpose);
  const auto a = words.next();
  const auto b = words.next();
  const auto join = [](std::uint32_t high, std::uint32_t low) { return (std::uint64_t{high} << 32) | low; };
  return {join(a[0], a[1]), join(a[2], a[3]), join(b[0], b[1]), join(b[2], b[3])};
}

/// The generator's next word; the state moves on.
/// Source: Blackman, Vigna, "Scrambled linear pseudorandom number generators", ACM Trans. Math. Softw. 47 (2021),
/// doi:10.1145/3460772, which reports that it passes BigCrush and PractRand.
template <typename Word>
constexpr Word xoshiro_next(XoshiroState<Word>& s) {
  using Constants = XoshiroConstants<Word>;
  const Word word = std::rotl<Word>(s[0] + s[3], Constants::kRotateSum) + s[0];
  const Word shifted = s[1] << Constants::kShift;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = std::rotl(s[3], Constants::kRotateState);
  return word;
}

}  // namespace initlaw
