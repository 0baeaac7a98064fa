#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "random/block_size.hpp"
#include "random/philox.hpp"

namespace initlaw {

/// The normals of block q of a seed and purpose, as the fast engine draws them: `draws` times 4 for each of the block's
/// networks. Element [k * kBlock + i] is number k of network i.
std::vector<float> draw_normals_float(std::uint64_t seed, Purpose purpose, std::uint64_t q, std::size_t draws);
std::vector<double> draw_normals_double(std::uint64_t seed, Purpose purpose, std::uint64_t q, std::size_t draws);

/// The normals of one sample alone, many at a time, in the way of kBlock samples of the fast engine.
class NormalStream {
 public:
  /// Numbers are drawn in groups of so many.
  static constexpr std::size_t kGroup = 4 * kBlock;

  NormalStream(std::uint64_t seed, Purpose purpose, std::uint64_t sample);
  /// Fills with independent N(0,1) numbers. Their count must be a multiple of kGroup.
  void fill(std::span<double> numbers);

 private:
  std::array<std::uint64_t, 4 * kBlock> words_;  ///< of the generators: word k of lane i is element [k * kBlock + i]
};

}  // namespace initlaw
