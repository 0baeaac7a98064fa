#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "initlaw/several_inputs.hpp"

namespace initlaw {

/// The numbers in a list such as "0-9,12", in its order. Throws std::invalid_argument with the list's name, whose plain
/// word says what they are: of "--rows" they are rows.
std::vector<std::size_t> numbers_in(const std::string& name, const std::string& list);

/// The pairs in a list such as "0-1,0-4". Throws as numbers_in() does.
std::vector<InputPair> pairs_in(const std::string& name, const std::string& list);

}  // namespace initlaw
