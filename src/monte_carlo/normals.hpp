#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "monte_carlo/kernel.hpp"

namespace initlaw {

/// The normals that the fast kernel draws for block q of a seed: `draws` times 4 for each of the block's networks.
/// Element [k * kBlock + i] is number k of network i.
std::vector<float> draw_normals_float(std::uint64_t seed, std::uint64_t q, std::size_t draws);
std::vector<double> draw_normals_double(std::uint64_t seed, std::uint64_t q, std::size_t draws);

/// The normals of one sample alone, many at a time: those that the fast kernel would draw in double precision for
/// kBlock samples.
class NormalStream {
 public:
  /// Numbers are drawn in groups of so many.
  static constexpr std::size_t kGroup = 4 * kBlock;

  NormalStream(std::uint64_t seed, std::uint64_t sample);
  /// Fills with independent N(0,1) numbers. Their count must be a multiple of kGroup.
  void fill(std::span<double> numbers);

 private:
  std::array<std::uint64_t, 4 * kBlock> words_;  ///< of the generators: word k of lane i is element [k * kBlock + i]
};

}  // namespace initlaw
