#pragma once

#include <cereal/types/array.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/utility.hpp>
#include <cereal/types/vector.hpp>

#include "initlaw/several_inputs.hpp"

namespace initlaw {

/// But for the threads, on which nothing depends.
template <typename Archive>
void serialize(Archive& archive, JointOptions& options) {
  archive(options.samples, options.seed, options.pairs, options.layers);
}

}  // namespace initlaw
