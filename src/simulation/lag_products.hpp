#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "engine/engine.hpp"

namespace initlaw {

/// For each network of a block, the mean over layers m of n S_m S_{m + lag}, n = sqrt(n_m n_{m + lag}). `S` is the
/// block's, `root_widths` has the square root of each layer's width, and the lag is less than their number.
std::array<double, kBlock> lag_products(std::span<const double> S, std::span<const double> root_widths,
                                        std::size_t lag);

}  // namespace initlaw
