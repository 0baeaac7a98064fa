#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace initlaw {

/// The normals that the fast kernel draws for block q of a seed: `draws` times 4 for each of the block's networks.
/// Element [k * kBlock + i] is number k of network i.
std::vector<float> draw_normals_float(std::uint64_t seed, std::uint64_t q, std::size_t draws);
std::vector<double> draw_normals_double(std::uint64_t seed, std::uint64_t q, std::size_t draws);

}  // namespace initlaw
